import OCIImageSpec
import ShimProtocol
import Testing

@testable import Containers

@Suite struct LogDriverTests {
  private func configuration(_ driver: String, _ options: [String: String]) throws -> LogConfiguration {
    var record = ContainerRecord.example
    record.host.logDriver = driver
    record.host.logOptions = options
    return try LogDrivers.driver(driver).configuration(record, ContainerPaths(dataRoot: "/data", execRoot: "/run"))
  }

  @Test func jsonFilesAreRotatedUnlessAskedOtherwise() throws {
    let standard = try configuration("json-file", [:])
    #expect(standard.maximumSize == 20 << 20 && standard.maximumFiles == 5 && !standard.compresses)
    let endless = try configuration("json-file", ["max-size": "-1"])
    #expect(endless.maximumSize == 0)
    let single = try configuration("json-file", ["max-size": "10k"])
    #expect(single.maximumSize == 10_000 && single.maximumFiles == 1)
    let several = try configuration("json-file", ["max-size": "1.5m", "max-file": "3", "compress": "true"])
    #expect(several.maximumSize == 1_500_000 && several.maximumFiles == 3 && several.compresses)
  }

  @Test func localIsCompressed() throws {
    let standard = try configuration("local", [:])
    #expect(standard.driver == .local && standard.path?.hasSuffix("/local-logs/container.log") == true)
    #expect(standard.maximumSize == 20 << 20 && standard.maximumFiles == 5 && standard.compresses)
    #expect(try !configuration("local", ["compress": "false"]).compresses)
  }

  @Test(
    arguments: [
      ("syslog", [:], #"error looking up logging plugin syslog: plugin "syslog" not found"#),
      ("json-file", ["colour": "red"], "unknown log opt 'colour' for json-file log driver"),
      ("local", ["tag": "x"], "unknown log opt 'tag' for log driver local"),
      ("json-file", ["max-size": "ten"], "invalid size: 'ten'"),
      ("json-file", ["max-size": "0"], "max-size must be a positive number"),
      ("json-file", ["max-size": "10x"], "invalid suffix: 'x'"),
      ("json-file", ["max-file": "0"], "max-file cannot be less than 1"),
      (
        "json-file", ["compress": "true", "max-size": "1m"],
        "compress cannot be true when max-file is less than 2 or max-size is not set"
      ),
      ("local", ["compress": "true", "max-file": "1"], "compression cannot be enabled when max file count is 1"),
      ("json-file", ["mode": "fast"], "logger: logging mode not supported: fast"),
      (
        "json-file", ["max-buffer-size": "1m"],
        "logger: max-buffer-size option is only supported with 'mode=non-blocking'"
      ),
      ("json-file", ["tag": "{{.Nam}}"], "template: log-tag:1: can't evaluate field Nam in type logger.Info"),
      ("json-file", ["tag": "{{"], "template: log-tag:1: unclosed action"),
    ] as [(String, [String: String], String)])
  func refusals(driver: String, options: [String: String], message: String) {
    #expect(throws: ContainerError.invalid(message)) { try LogDrivers.check(driver, options) }
  }

  @Test func nobodyLooksAtTheOptionsOfNone() throws { try LogDrivers.check("none", ["colour": "red"]) }

  @Test func attributesComeFromLabelsEnvironmentAndTag() throws {
    let options = [
      "labels": "a,missing", "labels-regex": "^x", "env": "HOME", "env-regex": "^P", "tag": "{{.Name}}/{{.ID}}!",
    ]
    let found = try configuration("json-file", options).attributes
    let record = ContainerRecord.example
    #expect(
      found == [
        "a": "1", "x1": "2", "x2": "3", "HOME": "/root", "PATH": "/bin", "tag": "\(record.name)/\(record.id.short)!",
      ])
  }

  @Test(arguments: [([:], nil), (["mode": "blocking"], nil), (["mode": "non-blocking"], 1 << 20)])
  func buffers(options: [String: String], size: Int64?) throws {
    let found1 = try configuration("local", options).buffer
    #expect(found1 == size)
  }

  @Test func bufferSizesAreBinary() throws {
    let options = ["mode": "non-blocking", "max-buffer-size": "4m"]
    let found2 = try configuration("json-file", options).buffer
    #expect(found2 == 4 << 20)
  }

  @Test func defaultsAreForTheirOwnDriver() throws {
    let defaults = try LogDefaults(driver: "json-file", options: ["max-size": "1m", "max-file": "2"])
    var host = HostConfiguration()
    host.logOptions = ["max-file": "7"]
    defaults.complete(&host)
    #expect(host.logDriver == "json-file" && host.logOptions == ["max-size": "1m", "max-file": "7"])
    host = HostConfiguration()
    host.logDriver = "local"
    defaults.complete(&host)
    #expect(host.logDriver == "local" && host.logOptions.isEmpty)
  }
}

extension ContainerRecord {
  fileprivate static var example: ContainerRecord {
    var configuration = ContainerConfiguration()
    configuration.labels = ["a": "1", "b": "0", "x1": "2", "x2": "3"]
    configuration.environment = ["HOME=/root", "PATH=/bin", "TERM=vt100"]
    return ContainerRecord(
      id: exampleID, name: ContainerName(generated: "web"), createdAt: .now(), imageName: "busybox",
      image: ContainerImage(id: "sha256:0123", chainID: "", configuration: ImageConfiguration()),
      configuration: configuration, host: HostConfiguration())
  }

  private static let exampleID = ContainerID.random()
}
