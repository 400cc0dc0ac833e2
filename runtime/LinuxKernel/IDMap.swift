/// Under which ids a mount shows those of its file system, `MOUNT_ATTR_IDMAP` of mount_setattr(2). Files of ids that are in no
/// entry are shown as nobody's, and who has an id that nothing is shown as can make no file there.
public struct IDMap: Equatable, Sendable {
  /// Ids that follow one another.
  public struct Entry: Equatable, Sendable {
    /// The first one on the file system.
    public var stored: UInt32
    /// The first one that is shown.
    public var shown: UInt32
    /// At least 1; no id may be the greatest number, which stands for none.
    public var count: UInt32

    public init(stored: UInt32, shown: UInt32, count: UInt32) {
      self.stored = stored
      self.shown = shown
      self.count = count
    }

    /// Every id, as it is.
    public static let identity = Entry(stored: 0, shown: 0, count: .max)
  }

  public var users: [Entry]
  public var groups: [Entry]

  public init(users: [Entry], groups: [Entry]) {
    self.users = users
    self.groups = groups
  }
}

extension [IDMap.Entry] {
  /// The text of `uid_map` for a user namespace whose mapping this is (user_namespaces(7)).
  package var mapText: String { map { "\($0.stored) \($0.shown) \($0.count)\n" }.joined() }

  /// The id on the file system of what is shown as `id`; `nil`: there is none.
  package func stored(_ id: UInt32) -> UInt32? {
    for entry in self where id >= entry.shown && id - entry.shown < entry.count {
      return entry.stored + (id - entry.shown)
    }
    return nil
  }
}

extension FileDescriptor {
  /// Shows the files of the detached mount that this descriptor holds under other ids.
  /// - Parameter recursive: whether those of the mounts below it, too.
  package func mapIDs(_ ids: IDMap, recursive: Bool) throws(SyscallError) {
    let namespace = try UserNamespaces.make(uids: ids.users.mapText, gids: ids.groups.mapText)
    try mapIDs(by: namespace, recursive: recursive)
  }
}
