import JSON
import ShimProtocol
import Testing

@Suite struct ShimConfigurationTests {
  @Test func roundTrips() throws {
    var configuration = ShimConfiguration()
    configuration.id = "c1"
    configuration.runtime = "/usr/bin/proa-runtime"
    configuration.runtimeArguments = ["--root", "/run/proa/runtime/proa"]
    configuration.terminal = true
    configuration.stdin = true
    configuration.stdinOnce = true
    configuration.log = LogConfiguration(.jsonFile, path: "/var/lib/proa/containers/c1/c1-json.log")
    configuration.cgroups = ["/sys/fs/cgroup/proa"]
    configuration.consoleSize = TerminalSize(height: 40, width: 120)
    #expect(try ShimConfiguration(jsonText: JSONWriter.bytes(configuration)) == configuration)
  }

  @Test func leastConfigurationIsEnough() throws {
    let configuration = try ShimConfiguration(jsonText: Array(#"{"id":"c1","runtime":"/bin/runc"}"#.utf8))
    #expect(configuration.log == LogConfiguration())
    #expect(configuration.runtimeTimeout == 120)
  }

  @Test(arguments: [
    (#"{"runtime":"/bin/runc"}"#, "id"),
    (#"{"id":"--force","runtime":"/bin/runc"}"#, "id"),
    (#"{"id":"c1","runtime":"runc"}"#, "runtime"),
    (#"{"id":"c1","runtime":"/bin/runc","runtimeTimeout":0}"#, "runtimeTimeout"),
    (#"{"id":"c1","runtime":"/bin/runc","cgroups":["a"]}"#, "cgroups[0]"),
    (#"{"id":"c1","runtime":"/bin/runc","log":{"driver":"syslog"}}"#, "log.driver"),
    (#"{"id":"c1","runtime":"/bin/runc","log":{"driver":"json-file"}}"#, "log.path"),
  ])
  func badConfigurationNamesItsCulprit(text: String, path: String) throws {
    let error = try #require(throws: JSONError.self) { try ShimConfiguration(jsonText: Array(text.utf8)) }
    #expect(error.path == path)
  }

  @Test func bundlePathsAreAsDocumented() {
    let bundle = BundleLayout(path: "/run/proa/containers/c1")
    #expect(bundle.socket == "/run/proa/containers/c1/shim.sock")
    #expect(bundle.exec(ExecID("e1")!).exitRecord == "/run/proa/containers/c1/exec/e1/exit.json")
  }
}
