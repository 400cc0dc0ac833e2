internal import LinuxKernel
internal import OCIRuntimeSpec

/// Turns `user[:group]` into numbers with the container's own `/etc/passwd` and `/etc/group`.
struct UserLookup {
  /// The most of either file that is read: a container's files are hostile.
  static let limit = 4 << 20

  private let passwd: [[Substring]]
  private let group: [[Substring]]

  init(passwd: String, group: String) {
    self.passwd = Self.records(passwd, fields: 4)
    self.group = Self.records(group, fields: 3)
  }

  /// Reads the files under `root`, never following a link out of it. Files that are not there are empty.
  init(root: String) throws(SyscallError) {
    try self.init(root: try FileDescriptor.open(root, [.readOnly, .directory]))
  }

  init(root: borrowing FileDescriptor) throws(SyscallError) {
    self.init(passwd: try Self.read("etc/passwd", in: root), group: try Self.read("etc/group", in: root))
  }

  private static func read(_ path: String, in root: borrowing FileDescriptor) throws(SyscallError) -> String {
    do throws(SyscallError) {
      // Not blocking: it might be a fifo that nobody writes to.
      let file = try root.open(at: path, [.readOnly, .nonBlocking], resolve: [.inRoot, .noMagicLinks])
      guard try file.status().kind == .regular else { return "" }
      return String(decoding: try file.readAll(limit: limit), as: UTF8.self)
    } catch {
      guard [.noEntry, .notDirectory].contains(error.errno) else {
        throw SyscallError(error.call, "/\(path) of the container", errno: error.errno)
      }
      return ""
    }
  }

  private static func records(_ text: String, fields: Int) -> [[Substring]] {
    text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: ":", omittingEmptySubsequences: false)
      return parts.count >= fields ? parts : nil
    }
  }
}

extension UserLookup {
  /// - Parameter text: `name`, `uid`, `name:group`, `uid:gid`, …; empty is root.
  /// - Parameter groups: supplementary groups by name or number, besides those that `/etc/group` gives a named user.
  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's messages.
  func user(_ text: String, groups: [String] = []) throws(ContainerError) -> User {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    var user = User()
    let entry = try account(name)
    user.uid = entry.uid
    user.gid = entry.gid
    var additional: [UInt32] = []
    if parts.count > 1, !parts[1].isEmpty {
      user.gid = try groupID(String(parts[1]))
    } else if let login = entry.login {
      additional = memberships(of: login)
    }
    for group in groups { additional.append(try groupID(group, isAdditional: true)) }
    // The primary group too: a file's group permissions must not be escaped by dropping it (CVE-2022-36109).
    user.additionalGids = Array(Set(additional + [user.gid])).sorted()
    return user
  }

  private func account(_ name: String) throws(ContainerError) -> (uid: UInt32, gid: UInt32, login: Substring?) {
    let wanted = name.isEmpty ? "0" : name
    let number = Self.identifier(wanted)
    let entry = passwd.first { $0[0] == wanted } ?? passwd.first { number != nil && UInt32($0[2]) == number }
    if let entry, let uid = Self.identifier(entry[2]) { return (uid, Self.identifier(entry[3]) ?? 0, entry[0]) }
    if Int64(wanted) != nil, number == nil { throw Self.outOfRange }
    guard let number else { throw .invalid("unable to find user \(name): no matching entries in passwd file") }
    return (number, 0, nil)
  }

  private static var outOfRange: ContainerError { .invalid("uids and gids must be in range 0-\(Int32.max)") }

  private func groupID(_ name: String, isAdditional: Bool = false) throws(ContainerError) -> UInt32 {
    if let entry = group.first(where: { $0[0] == name }), let gid = Self.identifier(entry[2]) { return gid }
    if Int64(name) != nil, Self.identifier(name) == nil { throw Self.outOfRange }
    guard let number = Self.identifier(name) else {
      throw .invalid("\(isAdditional ? "Unable" : "unable") to find group \(name): no matching entries in group file")
    }
    return number
  }

  private func memberships(of login: Substring) -> [UInt32] {
    group.compactMap { entry in
      guard entry.count > 3, entry[3].split(separator: ",").contains(login) else { return nil }
      return Self.identifier(entry[2])
    }
  }

  /// Within what the kernel's tools accept: -1 has a meaning of its own.
  private static func identifier(_ text: some StringProtocol) -> UInt32? {
    guard let number = UInt32(text), number <= UInt32(Int32.max) else { return nil }
    return number
  }
}
