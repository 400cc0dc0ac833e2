import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// The specification's own examples (`schema/test`), in the folder `Examples`: good ones lose nothing when they are read and
/// written again, bad ones are refused.
@Suite struct ExampleTests {
  private static let folder = #filePath.dropLast("ExampleTests.swift".count) + "Examples"

  private static func files(_ kind: String) -> [String] {
    do { return try Directory.names("\(folder)/\(kind)").sorted().map { "\(kind)/\($0)" } } catch {
      Issue.record("\(error)")
      return []
    }
  }

  private static let kinds = ["config", "features", "state"]

  @Test func areThere() {
    #expect(Self.kinds.map { Self.files("\($0)/good").count } == [9, 2, 1])
    #expect(Self.kinds.map { Self.files("\($0)/bad").count } == [5, 1, 1])
  }

  @Test(arguments: kinds.flatMap { files("\($0)/good") }) func roundTrips(file: String) throws {
    let bytes = try AtomicFile.read("\(Self.folder)/\(file)")
    let written = try Self.rewritten(file, bytes)
    #expect(try Self.canonical(JSONReader.read(written)) == Self.canonical(JSONReader.read(bytes)))
    #expect(try Self.rewritten(file, written) == written)
  }

  @Test(
    arguments: zip(
      kinds.flatMap { files("\($0)/bad") },
      [
        "freebsd.jail.vnet: unknown value \"disable\"", "(line 1, column 2)",
        "linux.resources.hugepageLimits[0].pageSize: \"64kB\" is no page size",
        "linux.netDevices.eth0.name: expected a string",
        "linux.resources.rdma.mlx5_1.hcaHandles: expected an integer", "ociVersionMax: is required",
        "(line 1, column 2)",
      ]))
  func isRefused(file: String, reason: String) throws {
    let bytes = try AtomicFile.read("\(Self.folder)/\(file)")
    #expect { try Self.rewritten(file, bytes) } throws: { "\($0)".contains(reason) }
  }

  private static func rewritten(_ file: String, _ bytes: [UInt8]) throws -> [UInt8] {
    switch file.prefix(while: { $0 != "/" }) {
    case "config": JSONWriter.bytes(try Spec(jsonText: bytes))
    case "features": JSONWriter.bytes(try Features(jsonText: bytes))
    default: JSONWriter.bytes(try State(jsonText: bytes))
    }
  }

  /// What is written for a process without a `user`, as Go does.
  private static let root = JSONValue.object(
    JSONObject([("uid", .number(JSONNumber(0))), ("gid", .number(JSONNumber(0)))]))

  /// The same, its members sorted, without those that say what their absence says.
  private static func canonical(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map(canonical))
    case .object(let object):
      .object(
        JSONObject(
          object.members.filter { ![.bool(false), .array([]), root].contains($0.value) }
            .map { ($0.name, canonical($0.value)) }.sorted { $0.0 < $1.0 }))
    default: value
    }
  }
}
