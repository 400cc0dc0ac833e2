/// The name of a container: a file name of letters, digits and `_+,-.`, as runc allows.
package struct ContainerID: Hashable, CustomStringConvertible {
  package let description: String

  package init(_ text: String) throws(RuntimeError) {
    guard !text.isEmpty, text.utf8.count <= 255, text != ".", text != "..", text.utf8.allSatisfy(Self.isAllowed) else {
      throw RuntimeError("invalid container ID format")
    }
    description = text
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    case UInt8(ascii: "+")...UInt8(ascii: "."): true
    default: false
    }
  }
}
