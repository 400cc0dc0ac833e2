import DBus
import Testing

@testable import Cgroups

@Suite("Properties that annotations ask for, as with runc")
struct SystemdAnnotationsTests {
  private func properties(_ name: String, _ text: String) throws -> [SystemdProperty] {
    try SystemdAnnotations.properties(in: ["other": "x", "org.systemd.property.\(name)": text])
  }

  @Test(
    arguments: [
      ("TimeoutStopUSec", "uint64 5000000", "TimeoutStopUSec", .uint64(5_000_000)),
      ("TimeoutStopSec", "5", "TimeoutStopUSec", .uint64(5_000_000)),
      ("TimeoutStopSec", "double 0.5", "TimeoutStopUSec", .uint64(500_000)),
      ("CollectMode", "'inactive-or-failed'", "CollectMode", .string("inactive-or-failed")),
      ("Description", "\"it's\"", "Description", .string("it's")),
      ("DefaultDependencies", "true", "DefaultDependencies", .boolean(true)),
      (
        "After", "['crio.service', \"b.service\"]", "After",
        .array(of: "s", [.string("crio.service"), .string("b.service")])
      ),
      ("After", "[]", "After", .array(of: "s", [])), ("Nice", " -5 ", "Nice", .int32(-5)),
    ] as [(String, String, String, DBusValue)])
  func values(name: String, text: String, property: String, value: DBusValue) throws {
    #expect(try properties(name, text) == [SystemdProperty(property, value)])
  }

  @Test(
    arguments: [
      ("Nice", ""), ("Nice", "five"), ("Nice", "uint64 -1"), ("Nice", "'a"), ("Nice", "['a', b]"), ("Nice", "[ 'a'"),
      ("Nice", "'a\\'b'"), ("X", "1"), ("Bad-Name", "1"), ("Nice", "uint64 1 2"), ("Nice", "["),
    ] as [(String, String)])
  func refusals(name: String, text: String) {
    let error = #expect(throws: CgroupError.self) { try properties(name, text) }
    #expect(error?.path == "annotations[\"org.systemd.property.\(name)\"]")
  }
}
