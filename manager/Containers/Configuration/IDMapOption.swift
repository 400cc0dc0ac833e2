public import LinuxKernel

extension IDMap {
  /// What the kernel takes of either kind (user_namespaces(7)): entries, and bytes of text, less than a page.
  private static let maximumEntries = 340
  private static let maximumText = 4095

  /// Reads what stands behind `idmap=`, in Podman's form: `uids=1000-0-1#2000-1-10;gids=1000-0-1`. Of an entry the first number is
  /// the first id on the file system, the second one what the container sees it as, the third one how many follow one
  /// another. Ids of a kind that is not named are as they are.
  /// - Throws: ``ContainerError/invalid(_:)`` that names the option and the culprit in it.
  init(option text: String) throws(ContainerError) {
    self.init(users: [.identity], groups: [.identity])
    var kinds: Set<Substring> = []
    for part in text.split(separator: ";", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, ["uids", "gids"].contains(pair[0]), kinds.insert(pair[0]).inserted else {
        throw Self.invalid(text, "\(String(part).debugDescription) is neither uids=… nor gids=…, each once")
      }
      let entries = try Self.entries(pair[1], of: text)
      if pair[0] == "uids" { users = entries } else { groups = entries }
    }
  }

  private static func entries(_ list: Substring, of text: String) throws(ContainerError) -> [Entry] {
    var entries: [Entry] = []
    for item in list.split(separator: "#", omittingEmptySubsequences: false) {
      guard let entry = Entry(text: item) else {
        throw invalid(text, "\(String(item).debugDescription) is no STORED-SHOWN-COUNT of ids that there are")
      }
      entries.append(entry)
    }
    guard entries.count <= maximumEntries, entries.mapText.utf8.count <= maximumText else {
      throw invalid(text, "that is more than the kernel takes")
    }
    for start in [\Entry.stored, \Entry.shown] where overlap(entries, at: start) {
      throw invalid(text, "an id is in two entries")
    }
    return entries
  }

  private static func overlap(_ entries: [Entry], at start: KeyPath<Entry, UInt32>) -> Bool {
    let sorted = entries.sorted { $0[keyPath: start] < $1[keyPath: start] }
    return zip(sorted, sorted.dropFirst()).contains { $1[keyPath: start] - $0[keyPath: start] < $0.count }
  }

  private static func invalid(_ text: String, _ reason: String) -> ContainerError {
    .invalid("invalid idmap \(text.debugDescription): \(reason)")
  }
}

extension IDMap.Entry {
  /// - Parameter text: with `@` before it the ids are meant as the container has them: as they are, for it has no user namespace.
  fileprivate init?(text: Substring) {
    let parts = (text.hasPrefix("@") ? text.dropFirst() : text).split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in part.utf8.first == UInt8(ascii: "+") ? nil : UInt32(part) }
    guard parts.count == 3, numbers.count == 3, numbers[2] > 0,
      !numbers[..<2].contains(where: { $0.addingReportingOverflow(numbers[2]).overflow })
    else { return nil }
    self.init(stored: numbers[0], shown: numbers[1], count: numbers[2])
  }
}

extension MountRequest {
  /// How the ids of its files are shown; `nil`: as they are.
  /// - Throws: ``ContainerError/invalid(_:)``, unless ``validate()`` found nothing.
  public func ids() throws(ContainerError) -> IDMap? { idMap.isEmpty ? nil : try IDMap(option: idMap) }
}
