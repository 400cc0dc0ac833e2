internal import LinuxKernel

/// What the driver `local` is told of a volume that is to be made: what is mounted there while containers use it, or who is to
/// own its files.
struct VolumeOptions: Equatable, Sendable {
  /// `nil`: the volume is a folder, and nothing else.
  var mount: VolumeMount?
  var owner = VolumeOwner()
  /// Bytes that its files may take; `nil`: as many as there are.
  var limit: UInt64?

  private static let ofMount: Set<String> = ["type", "device", "o"]
  private static let ofOwner: Set<String> = ["uid", "gid", "mode"]

  /// - Throws: ``VolumeError/invalid(_:)`` with Docker's messages.
  init(_ values: [String: String]) throws(VolumeError) {
    let unknown = values.keys.sorted().first {
      !Self.ofMount.contains($0) && !Self.ofOwner.contains($0) && $0 != "size"
    }
    if let unknown { throw .invalid("invalid option: \"\(unknown)\"") }
    if let text = values["size"] {
      do { limit = try UInt64(ByteSize.binary(text)) } catch { throw .invalid("\(error)") }
      if limit == 0 { limit = nil }
    }
    if !Self.ofMount.isDisjoint(with: values.keys) { mount = try VolumeMount(values) }
    owner = try VolumeOwner(values)
    if mount != nil, owner != VolumeOwner() {
      throw .invalid("uid, gid and mode go with a volume that nothing is mounted on: give them in \"o\"")
    }
    if mount != nil, limit != nil {
      throw .invalid("size goes with a volume that nothing is mounted on: give it in \"o\"")
    }
  }
}

/// Who a new volume's folder belongs to, and who may do what there. It goes before what the image has in its place.
struct VolumeOwner: Equatable, Sendable {
  /// `nil`: as the image has it, or root.
  var uid: UInt32?
  /// The same.
  var gid: UInt32?
  /// Permission bits; `nil`: as the image has it, or 0755.
  var mode: UInt32?

  init() {}

  init(_ values: [String: String]) throws(VolumeError) {
    uid = try Self.number(values, "uid", radix: 10)
    gid = try Self.number(values, "gid", radix: 10)
    mode = try Self.number(values, "mode", radix: 8)
  }

  private static func number(
    _ values: [String: String], _ name: String, radix: Int
  ) throws(VolumeError) -> UInt32? {
    guard let text = values[name] else { return nil }
    // The greatest number of a user or a group stands for none.
    guard let number = UInt32(text, radix: radix), number < (radix == 8 ? 0o10000 : UInt32.max) else {
      throw .invalid("invalid value for option \(name): \"\(text)\"")
    }
    return number
  }

  /// Blocks.
  func apply(to folder: borrowing FileDescriptor) throws(SyscallError) {
    guard self != VolumeOwner() else { return }
    let status = try folder.status()
    try folder.setOwner(uid ?? status.owner, gid ?? status.group)
    if let mode { try folder.setMode(mode) }
  }
}
