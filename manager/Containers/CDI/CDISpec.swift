package import JSON

/// A file of the Container Device Interface: devices of one kind, and what a container needs to have them
/// (cncf-tags/container-device-interface, SPEC.md). A member that is not known is refused: it would change something.
package struct CDISpec: JSONMappable, Equatable {
  struct Device: JSONMappable, Equatable {
    var name = ""
    var annotations: [String: String] = [:]
    var edits = CDIEdits()

    init() {}

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.required("name", &name)
      try json.nonEmpty("annotations", &annotations)
      try json.required("containerEdits", &edits)
      try json.refuseOthers()
    }
  }

  var version = ""
  /// `vendor.com/class`
  var kind = ""
  var annotations: [String: String] = [:]
  var devices: [Device] = []
  /// What every device of the file needs.
  var edits = CDIEdits()

  package init() {}

  package mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("cdiVersion", &version)
    try json.required("kind", &kind)
    try json.nonEmpty("annotations", &annotations)
    try json.required("devices", &devices)
    try json.field("containerEdits", &edits)
    try json.refuseOthers()
    guard json.isReading else { return }
    guard CDIName("\(kind)=x") != nil else { throw JSONError(.invalid("\"\(kind)\" is no kind"), path: "kind") }
    for (index, device) in devices.enumerated() where CDIName("\(kind)=\(device.name)") == nil {
      throw JSONError(.invalid("\"\(device.name)\" is no device's name"), path: "devices[\(index)].name")
    }
  }
}

/// The full name of a device, `vendor.com/class=name`.
struct CDIName: Hashable, CustomStringConvertible {
  let kind: String
  let device: String

  /// `nil` if `text` is no such name.
  init?(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { return nil }
    let kind = parts[0].split(separator: "/", omittingEmptySubsequences: false)
    guard kind.count == 2, Self.isWord(kind[0], "-_."), Self.isWord(kind[1], "-_."), Self.isWord(parts[1][...], "-_.:")
    else { return nil }
    (self.kind, device) = (parts[0], parts[1])
  }

  private static func isWord(_ text: Substring, _ marks: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last, isPlain(first), isPlain(last) else { return false }
    return text.utf8.allSatisfy { isPlain($0) || marks.utf8.contains($0) }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  var description: String { "\(kind)=\(device)" }
}

extension JSONMapper {
  /// Nothing that was not named may be there.
  mutating func refuseOthers() throws(JSONError) {
    guard isReading else { return }
    var others = JSONObject()
    unknown(&others)
    if let other = others.members.first { throw JSONError(.invalid("is not supported"), path: other.name) }
  }
}
