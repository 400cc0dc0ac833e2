import JSON
import Testing

@testable import Client

@Suite struct TemplateTests {
  private static let value = """
    {"Name": "/c1", "Id": "abc", "Count": 3, "Yes": true, "No": false, "Nothing": null, "Empty": [],
     "List": ["sh", "-c", "echo"], "Labels": {"z": "y", "a": "b"}, "Size": 1.5,
     "Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}], "9/udp": null}}
    """

  private func render(_ template: String) throws -> String {
    try Template(template).text(for: TemplateContext(try JSONReader.read(Self.value)))
  }

  @Test(
    arguments: [
      ("plain", "plain"), ("", ""), ("{{.Name}} {{.Id}} {{.ID}}", "/c1 abc abc"), ("{{$.Name}}{{ . | len }}", "/c111"),
      ("{{.List}} {{.Labels}} {{.Yes}} {{.Size}}", "[sh -c echo] map[a:b z:y] true 1.5"),
      ("{{.Nothing}} {{.Empty}}", "<no value> []"),
      ("{{.Ports}}", "map[80/tcp:[map[HostIp:0.0.0.0 HostPort:8080]] 9/udp:<nil>]"),
      ("{{index .Labels \"a\"}}{{index .Labels \"q\"}}{{index .List 1}}", "b-c"),
      ("{{(index (index .Ports \"80/tcp\") 0).HostPort}}", "8080"),
      ("{{json .Labels}} {{json .Name}} {{.Nothing | json}}", #"{"z":"y","a":"b"} "/c1" null"#),
      ("{{range .List}}<{{.}}>{{end}}", "<sh><-c><echo>"),
      ("{{range $i, $e := .List}}{{$i}}{{$e}} {{end}}", "0sh 1-c 2echo "),
      ("{{range $k, $v := .Labels}}{{$k}}={{$v}};{{end}}", "a=b;z=y;"),
      ("{{range .Empty}}x{{else}}none{{end}}", "none"),
      ("{{range 3}}{{.}}{{end}}", "012"), ("{{range .Nothing}}x{{end}}|", "|"),
      ("{{if .No}}a{{else if .Yes}}b{{else}}c{{end}}", "b"), ("{{if .Empty}}a{{else}}c{{end}}", "c"),
      ("{{with .Labels}}{{.a}}{{$.Name}}{{end}}{{with .Nothing}}x{{else}}y{{end}}", "b/c1y"),
      ("{{len .List}}{{len .Name}}{{len .Labels}}{{len .Nothing}}", "3320"),
      ("{{join .List \",\"}} {{upper .Id}} {{lower \"ABC\"}} {{title \"ab cd\"}}", "sh,-c,echo ABC abc Ab Cd"),
      ("{{split .Name \"/\"}}{{pad .Id 1 2}}|{{truncate .Id 2}}", "[ c1] abc  |ab"),
      ("{{print 1 2 .Name \"x\" 3}}|{{println .Id}}", "1 2/c1x3|abc\n"),
      ("{{printf \"%s %d %q %v %t %%\" .Name .Count .Id .List .Yes}}", "/c1 3 \"abc\" [sh -c echo] true %"),
      ("{{printf \"%-5s|%5s|%03d|%.2s\" .Id .Id .Count .Id}}", "abc  |  abc|003|ab"),
      ("{{printf \"%d %s\" .Id}}", "%!d(string=abc) %!s(MISSING)"), ("{{printf \"%q\" .List}}", #"["sh" "-c" "echo"]"#),
      ("{{printf \"a\" 1}}", "a%!(EXTRA int=1)"),
      (
        "{{eq .Count 3}} {{ne .Count 3}} {{lt 1 2}} {{gt 1 2}} {{le 2 2}} {{ge 1.5 .Size}} {{eq .Id \"x\" \"abc\"}}",
        "true false true false true true true"
      ),
      ("{{and .Yes .No}} {{or .No .Id}} {{not .No}} {{or .Yes (index .List 99)}}", "false abc true true"),
      ("{{.Name | printf \"%s-%s\" \"a\" | upper}}", "A-/C1"), ("{{$x := .Id}}{{$x}}{{$x = \"n\"}}{{$x}}", "abcn"),
      ("{{$x := 1}}{{if .Yes}}{{$x = 2}}{{end}}{{$x}}", "2"), ("{{$x := 1}}{{if .Yes}}{{$x := 2}}{{end}}{{$x}}", "1"),
      ("a {{- .Id -}} b", "aabcb"), ("a{{/* no */}}b {{- /* no */ -}} c", "abc"), ("{{.Id | }}", "abc"),
      ("{{`a\\n`}}{{\"\\t\\\"\"}}", "a\\n\t\""), ("{{true}}{{-1}}{{1.5}}", "true-11.5"), ("{{\n.Id\n}}", "abc"),
    ])
  func templatesAreCarriedOut(_ template: String, _ expected: String) throws {
    #expect(try render(template) == expected)
  }

  /// Go's own words, each as the docker command says them.
  @Test(arguments: [
    ("{{.Foo", ":1: unclosed action"), ("{{foo}}", ":1: function \"foo\" not defined"),
    ("{{if}}x{{end}}", ":1: missing value for if"), ("{{}}", ":1: missing value for command"),
    ("a\n{{end}}", ":2: unexpected {{end}}"), ("{{else}}", ":1: unexpected {{else}}"),
    ("{{if .A}}", ":1: unexpected EOF"),
    ("{{.A}", ":1: bad character U+007D '}'"), ("{{\"a}}", ":1: unterminated quoted string"),
    ("{{$x}}", ":1: undefined variable \"$x\""), ("{{(.A}}", ":1: unclosed left paren"),
    ("{{) }}", ":1: unexpected right paren"), ("{{|}}", ":1: unexpected \"|\" in command"),
    ("{{/* x}}", ":1: unclosed comment"), ("{{%}}", ":1: unexpected \"%\" in command"),
    ("{{.Foo}}", ":1:2: executing \"\" at <.Foo>: map has no entry for key \"Foo\""),
    ("a\n{{.Labels.Foo}}", ":2:9: executing \"\" at <.Labels.Foo>: map has no entry for key \"Foo\""),
    ("{{.Labels.Foo.Bar}}", ":1:9: executing \"\" at <.Labels.Foo.Bar>: map has no entry for key \"Foo\""),
    ("{{.Name.Foo}}", ":1:7: executing \"\" at <.Name.Foo>: can't evaluate field Foo in type interface {}"),
    ("{{range .Name}}{{end}}", ":1:8: executing \"\" at <.Name>: range can't iterate over /c1"),
    ("{{index .List 9}}", ":1:2: executing \"\" at <index .List 9>: error calling index: index out of range: 9"),
    ("{{len}}", ":1:2: executing \"\" at <len>: wrong number of args for len: want 1 got 0"),
    ("{{and}}", ":1:2: executing \"\" at <and>: wrong number of args for and: want at least 1 got 0"),
    ("{{eq .Name 1}}", ":1:2: executing \"\" at <eq .Name 1>: error calling eq: incompatible types for comparison"),
    ("{{.Name 1}}", ":1:2: executing \"\" at <.Name>: Name is not a method but has arguments"),
    ("{{1 2}}", ":1:2: executing \"\" at <1>: can't give argument to non-function 1"),
    ("{{upper 1}}", ":1:8: executing \"\" at <1>: expected string; found 1"),
    ("{{join .Name \",\"}}", ":1:7: executing \"\" at <.Name>: wrong type for value; expected []string; got string"),
    ("{{nil}}", ":1:2: executing \"\" at <nil>: nil is not a command"),
  ])
  func mistakesAreSaidAsGoSaysThem(_ template: String, _ message: String) {
    #expect(throws: TemplateError("template: " + message)) { try render(template) }
  }

  @Test(arguments: [
    String(repeating: "x", count: TemplateLimits.size + 1),
    "{{" + String(repeating: "(", count: 200) + "1" + String(repeating: ")", count: 200) + "}}",
    String(repeating: "{{if 1}}", count: 200) + String(repeating: "{{end}}", count: 200),
    "{{if 0}}" + String(repeating: "{{else if 0}}", count: 200) + "{{end}}",
    "{{.Name" + String(repeating: ".a", count: 200) + "}}",
    "{{range 3000}}{{range 3000}}{{end}}{{end}}",
    "{{range 3000}}{{range 1000}}{{printf \"%1000d\" 1}}{{end}}{{end}}", "{{printf \"%99999d\" 1}}",
    "{{range 999999999999}}{{end}}", "{{define \"x\"}}{{end}}", "{{template \"x\"}}", "{{break}}",
  ])
  func whatIsTooMuchOrNotThereIsRefused(_ template: String) {
    #expect(throws: TemplateError.self) { try render(template) }
  }

  @Test func aListIsPrintedByItsTemplate() throws {
    var row = TemplateContext(.object(JSONObject([("ID", .string("1")), ("Names", .string("<n>"))])))
    row.typeName = "*row"
    row.labels = ["a": "b"]
    var headings = TemplateContext(.object(JSONObject([("ID", .string("CONTAINER ID")), ("Names", .string("NAMES"))])))
    headings.typeName = "*row"
    func text(_ format: String) throws -> String? {
      try ListFormat(format, failure: "f").print([row], headings: headings)
    }
    #expect(try text("table") == nil)
    #expect(try text("") == nil)
    #expect(try text(#"{{.ID}}\t{{.Names}}"#) == "1\t<n>\n")
    #expect(try text("json") == #"{"ID":"1","Names":"\u003cn\u003e"}"# + "\n")
    #expect(
      try text(#"table {{.ID}}\t{{upper .Names}}\t{{.Label "a"}}"#)
        == "CONTAINER ID   NAMES     a\n1              <N>       b\n")
    #expect(throws: TemplateError("template: :1:2: executing \"\" at <.Foo>: can't evaluate field Foo in type *row")) {
      try text("{{.Foo}}")
    }
    #expect(throws: ClientError.failed("f: template: :1: unclosed action")) { try text("{{") }
    #expect(throws: ClientError.self) { try text("raw") }
  }
}
