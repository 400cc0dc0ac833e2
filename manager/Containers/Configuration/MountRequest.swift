public import JSON

/// `--mount`: a directory of the host, a volume, a tmpfs, or the files of an image.
public struct MountRequest: Equatable, Sendable, JSONMappable {
  public enum Kind: String, Sendable, JSONConvertible { case bind, volume, tmpfs, image }

  public var kind = Kind.bind
  /// On the host; of a volume its name, empty for an anonymous one; empty for a tmpfs; an image in any of Docker's forms.
  public var source = ""
  public var target = ""
  /// Of an image it says nothing: that is never written to.
  public var readOnly = false
  /// Of a bind that is read-only: whether mounts under the source stay as they are.
  public var readOnlyNonRecursive = false
  /// Whether such mounts must become read-only too: without this they do where the kernel can do it.
  public var readOnlyForceRecursive = false
  /// Of a bind: `rprivate` if `nil`.
  public var propagation: String?
  /// Whether mounts under the source come along.
  public var recursive = true
  /// Of a bind: makes the source if it is missing.
  public var createsSource = false
  /// Of a bind or a volume, how the ids of its files are shown, as in `-v`'s option `idmap=`; empty: as they are.
  public var idMap = ""
  /// Of a tmpfs, in bytes; `nil`: half of the memory.
  public var size: Int64?
  /// Of a tmpfs: permission bits.
  public var mode: UInt32?
  /// Of a tmpfs: `noexec`, `uid=7`.
  public var options: [String] = []

  /// Of a volume: whether it gets the image's files if it is empty.
  public var copies = true
  /// Of a volume that is to be made.
  public var labels: [String: String] = [:]
  /// The same, for its driver.
  public var driverOptions: [String: String] = [:]
  /// Of a volume or an image: the folder or file in it that is mounted; empty is all of it.
  public var subpath = ""

  public init() {}

  /// Whether mounts made later on one side are to appear on the other.
  var passesMountsOn: Bool { propagation.map { !$0.hasSuffix("private") } ?? false }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("kind", &kind)
    try json.nonEmpty("source", &source)
    try json.required("target", &target)
    try json.flag("readOnly", &readOnly)
    try json.flag("readOnlyNonRecursive", &readOnlyNonRecursive)
    try json.flag("readOnlyForceRecursive", &readOnlyForceRecursive)
    try json.optional("propagation", &propagation)
    try json.field("recursive", &recursive)
    try json.flag("createsSource", &createsSource)
    try json.nonEmpty("idMap", &idMap)
    try json.optional("size", &size)
    try json.optional("mode", &mode)
    try json.nonEmpty("options", &options)
    try json.field("copies", &copies)
    try json.nonEmpty("labels", &labels)
    try json.nonEmpty("driverOptions", &driverOptions)
    try json.nonEmpty("subpath", &subpath)
  }
}
