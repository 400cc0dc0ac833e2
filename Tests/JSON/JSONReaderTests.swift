import JSON
import Testing

@Suite struct JSONReaderTests {
  @Test(arguments: [
    ("null", JSONValue.null), (" true ", .bool(true)), ("-0.5e+3", .number(number("-0.5e+3"))), ("\"\"", .string("")),
    ("[]", .array([])), ("[1,[2]]", .array([.number(JSONNumber(1)), .array([.number(JSONNumber(2))])])),
    ("{\"a\":{}}", .object(JSONObject([("a", .object(JSONObject()))]))),
  ])
  func reads(text: String, value: JSONValue) throws {
    #expect(try JSONReader.read(text) == value)
  }

  @Test(arguments: [
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9""#, "é"), (#""\ud83d\ude00""#, "😀"),
    (#""\ud83dx""#, "\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ude00""#, "\u{FFFD}"), ("\"é😀\"", "é😀"),
  ])
  func unescapes(text: String, string: String) throws {
    #expect(try JSONReader.read(text) == .string(string))
  }

  @Test(arguments: [
    "", " ", "nul", "tru", "[1,]", "[1 2]", "{\"a\" 1}", "{\"a\":1,}", "{a:1}", "01", "1.", "1e", "-", "+1", ".5",
    "\"a",
    "\"\\x\"", "\"\\u12g4\"", "\"\n\"", "{} {}", "]", "{", "[", "\"\\", "\"\\u1",
  ])
  func refuses(text: String) {
    #expect(throws: JSONError.self) { try JSONReader.read(text) }
  }

  @Test func saysWhere() {
    #expect(throws: JSONError(.syntax("expected ',' or '}'", line: 2, column: 4))) {
      try JSONReader.read("{\"a\":\n 1 2}")
    }
  }

  @Test func refusesInvalidUTF8() {
    #expect(throws: JSONError.self) { try JSONReader.read([0x22, 0xFF, 0x22]) }
  }

  @Test func boundsDepthAndSize() throws {
    let nested = String(repeating: "[", count: 129) + String(repeating: "]", count: 129)
    #expect(throws: JSONError(.limit("JSON is nested deeper than 128 levels"))) { try JSONReader.read(nested) }
    #expect(throws: JSONError(.limit("4 bytes of JSON are more than the 3 accepted"))) {
      try JSONReader.read("null", limits: .init(size: 3))
    }
  }

  @Test func lastOfDuplicatesCounts() throws {
    #expect(try JSONReader.read(#"{"a":1,"a":2}"#)["a"] == .number(JSONNumber(2)))
  }

  /// Every text that is cut off or has one byte changed either reads or throws; it never traps.
  @Test func survivesMutation() throws {
    let original = Array(#"{"a":[1.5e-3,"x\u00e9\ud83d\ude00",null,{"b":true}],"c":""}"#.utf8)
    for index in original.indices {
      #expect(throws: JSONError.self) { try JSONReader.read(Array(original[..<index])) }
      for byte in UInt8.min...UInt8.max {
        var mutated = original
        mutated[index] = byte
        if let value = try? JSONReader.read(mutated) {
          #expect(try JSONReader.read(JSONWriter.bytes(value)) == value)
        }
      }
    }
  }

  private static func number(_ text: String) -> JSONNumber {
    guard case .number(let number)? = try? JSONReader.read(text) else { return JSONNumber(0) }
    return number
  }
}
