import Client
import FuzzDriver
import Glibc
import JSON

// Whatever a template says, it ends, and what it gives is bounded.
enum Sample {
  static let value = JSONValue.object(
    JSONObject([
      ("Name", .string("/c1")), ("Count", .number(JSONNumber(3))), ("Nothing", .null),
      ("List", .array([.string("a"), .string("b")])), ("Labels", .object(JSONObject([("a", .string("b"))]))),
    ]))
}

exit(
  fuzz { data, count in
    let text = String(decoding: UnsafeBufferPointer(start: data, count: count), as: UTF8.self)
    do {
      let output = try Template.render(text, Sample.value)
      precondition(output.utf8.count <= 16 << 20, "the output is too long")
    } catch { precondition("\(error)".utf8.count <= 256 << 10, "the message is too long") }
    return 0
  })
