import JSON

@testable import Containers

extension JSONConvertible {
  var text: [UInt8] { JSONWriter.bytes(self) }
}
