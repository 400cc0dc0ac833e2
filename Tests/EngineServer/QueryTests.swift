import EngineServer
import Testing

@Suite struct QueryTests {
  @Test func namesAndValuesAreDecoded() throws {
    let query = try Query("a=1&b=x+y%26z&a=2&c")
    #expect(query["a"] == "1")
    #expect(query.values("a") == ["1", "2"])
    #expect(query["b"] == "x y&z")
    #expect(query["c"] == "")
    #expect(query["d"] == nil)
  }

  @Test(arguments: [
    ("x=1", true), ("x=true", true), ("x=True", true), ("x=yes", true), ("x=2", true), ("x=", false), ("x", false),
    ("x=0", false), ("x=no", false), ("x=false", false), ("x=None", false), ("x=%20none%20", false), ("", false),
  ])
  func booleansAreDockers(_ text: String, _ expected: Bool) throws {
    #expect(try Query(text).bool("x") == expected)
  }

  @Test func anAbsentBooleanHasADefault() throws {
    #expect(try Query("").bool("x", default: true))
    #expect(try !Query("x=0").bool("x", default: true))
  }

  @Test func integersAreChecked() throws {
    #expect(try Query("t=-1").integer("t") == -1)
    #expect(try Query("t=").integer("t") == nil)
    #expect(throws: APIError.invalidParameter("invalid value for t: \"ten\"")) { try Query("t=ten").integer("t") }
  }

  @Test(arguments: [
    #"{"label":["a=b","c"],"status":["running"]}"#,
    #"{"label":{"a=b":true,"c":true},"status":{"running":true,"x":false}}"#,
  ])
  func bothFormsOfFiltersAreRead(_ text: String) throws {
    let filters = try Filters(text)
    #expect(filters.names == ["label", "status"])
    #expect(filters["label"] == ["a=b", "c"])
    #expect(filters["status"] == ["running"])
    #expect(filters["name"] == [])
  }

  @Test(arguments: ["[]", "{", "{\"a\":1}", "{\"a\":[1]}"])
  func otherFormsOfFiltersAreRefused(_ text: String) {
    #expect { try Filters(text) } throws: { ($0 as? APIError)?.message.hasPrefix("invalid filter: ") == true }
  }

  @Test func filtersAreChecked() throws {
    let filters = try Filters(#"{"dangling":["true"],"colour":["red"]}"#)
    #expect(try filters.bool("dangling") == true)
    #expect(try filters.bool("all") == nil)
    #expect(throws: APIError.invalidParameter("invalid filter 'colour'")) { try filters.check(known: ["dangling"]) }
    #expect(throws: APIError.invalidParameter("invalid filter 'colour=[red]'")) { try filters.bool("colour") }
  }
}
