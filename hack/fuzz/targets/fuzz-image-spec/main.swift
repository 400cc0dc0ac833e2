import FuzzDriver
import Glibc
import JSON
import OCIImageSpec

/// A document that reads must read the same after it was written.
func check<Document: JSONConvertible & Equatable>(_ type: Document.Type, _ bytes: [UInt8]) {
  guard let document = try? Document(jsonText: bytes) else { return }
  precondition(
    (try? Document(jsonText: JSONWriter.bytes(document))) == document, "the written \(type) reads differently")
}

exit(
  fuzz { data, count in
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    check(Manifest.self, bytes)
    check(Index.self, bytes)
    check(ImageConfiguration.self, bytes)
    return 0
  })
