import JSON
import Testing

@Suite struct JSONMapperTests {
  struct Sample: JSONMappable, Equatable {
    var name = ""
    var count: Int32?
    var tags: [String] = []
    var labels: [String: String] = [:]
    var enabled = false
    var nested: Nested?
    var unknown = JSONObject()

    init() {}

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.required("name", &name)
      try json.optional("count", &count)
      try json.nonEmpty("tags", &tags)
      try json.nonEmpty("labels", &labels)
      try json.flag("enabled", &enabled)
      try json.optional("nested", &nested)
      json.unknown(&unknown)
    }
  }

  struct Nested: JSONMappable, Equatable {
    var items: [Item] = []
    init() {}
    mutating func map(_ json: inout JSONMapper) throws(JSONError) { try json.field("items", &items) }
  }

  struct Item: JSONMappable, Equatable {
    var value: UInt8 = 0
    init() {}
    mutating func map(_ json: inout JSONMapper) throws(JSONError) { try json.required("value", &value) }
  }

  @Test(arguments: [
    #"{"name":"a"}"#,
    #"{"name":"a","count":-1,"tags":["x","y"],"labels":{"k":"v"},"enabled":true,"nested":{"items":[{"value":7}]}}"#,
    #"{"name":"a","future":[1.50,{"x":null}],"other":18446744073709551616}"#,
  ])
  func roundTrips(text: String) throws {
    let sample = try Sample(jsonText: Array(text.utf8))
    #expect(JSONWriter.string(sample) == text)
  }

  @Test(arguments: [
    (#"{}"#, "name: is required"),
    (#"{"name":null}"#, "name: is required"),
    (#"{"name":1}"#, "name: expected a string, found the number 1"),
    (
      #"{"name":"a","count":2147483648}"#,
      "count: expected an integer from -2147483648 to 2147483647, found the number 2147483648"
    ),
    (#"{"name":"a","count":1.0}"#, "count: expected an integer from -2147483648 to 2147483647, found the number 1.0"),
    (#"{"name":"a","tags":["x",2]}"#, "tags[1]: expected a string, found the number 2"),
    (#"{"name":"a","labels":{"k":[]}}"#, "labels.k: expected a string, found an array"),
    (
      #"{"name":"a","nested":{"items":[{"value":1},{"value":256}]}}"#,
      "nested.items[1].value: expected an integer from 0 to 255, found the number 256"
    ),
    (#"[]"#, "expected an object, found an array"),
  ])
  func namesTheCulprit(text: String, message: String) {
    #expect { try Sample(jsonText: Array(text.utf8)) } throws: { "\($0)" == message }
  }

  @Test func writesIndented() throws {
    let sample = try Sample(jsonText: Array(#"{"name":"a","tags":["x"],"nested":{"items":[]}}"#.utf8))
    #expect(
      JSONWriter.string(sample, .indented("  ")) == """
        {
          "name": "a",
          "tags": [
            "x"
          ],
          "nested": {
            "items": []
          }
        }
        """)
  }

  @Test func escapesAsGoDoes() {
    var writer = JSONWriter(escapesHTML: true)
    "<&>\"\\\u{1}\n".write(to: &writer)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == #""\u003c\u0026\u003e\"\\\u0001\n""#)
  }
}
