import EngineAPI
import JSON
import Testing

@testable import EngineServer

/// What came to the API later than a client is not read from it.
@Suite struct RequestVersionTests {
  private func mount(_ json: String, for minor: Int) throws -> String {
    let body = #"{"Image":"busybox","HostConfig":{"Mounts":[\#(json)]}}"#
    var request = try ContainerCreateRequest(jsonText: Array(body.utf8))
    request.adapt(to: APIVersion(1, minor))
    return JSONWriter.string(try #require(request.hostConfig?.mounts.first))
  }

  @Test(arguments: [
    ("BindOptions", #"{"NonRecursive":true}"#, 40), ("BindOptions", #"{"CreateMountpoint":true}"#, 42),
    ("BindOptions", #"{"ReadOnlyForceRecursive":true}"#, 44),
    ("VolumeOptions", #"{"Subpath":"a"}"#, 45), ("TmpfsOptions", #"{"Options":[["noexec"]]}"#, 46),
  ])
  func optionsOfMounts(_ kind: String, _ options: String, _ since: Int) throws {
    let json = #"{"Type":"bind","\#(kind)":\#(options)}"#
    let option = options.dropFirst().dropLast()
    #expect(try mount(json, for: since).contains(option))
    #expect(try !mount(json, for: since - 1).contains(option))
  }

  @Test func imagesAreMountedSince() throws {
    let body = #"{"Image":"busybox","HostConfig":{"Mounts":[{"Type":"image","Source":"x","Target":"/x"}]}}"#
    let request = try ContainerCreateRequest(jsonText: Array(body.utf8))
    try request.check(for: APIVersion(1, 48))
    #expect(throws: APIError.invalidParameter(#"Mount type "Image" needs API v1.48 or newer"#)) {
      try request.check(for: APIVersion(1, 47))
    }
    try ContainerCreateRequest().check(for: APIVersion(1, 24))
  }

  @Test func whatWasOtherwiseByDefault() throws {
    for minor in [43, 44] {
      let json = try mount(#"{"Type":"bind"}"#, for: minor)
      #expect(json.contains(#""ReadOnlyNonRecursive":true"#) == (minor < 44))
      #expect(try !mount(#"{"Type":"tmpfs"}"#, for: minor).contains("ReadOnly"))
    }
    for minor in [39, 40] {
      var request = try ContainerCreateRequest(jsonText: Array(#"{"Image":"busybox"}"#.utf8))
      request.adapt(to: APIVersion(1, minor))
      #expect(request.hostConfig?.ipcMode == (minor < 40 ? "shareable" : nil))
    }
  }

  @Test func theHost() throws {
    let body = #"{"Image":"busybox","HostConfig":{"Annotations":{"a":"b"},"ConsoleSize":[1,2]}}"#
    for minor in [24, 41, 42, 43, 51] {
      var request = try ContainerCreateRequest(jsonText: Array(body.utf8))
      request.adapt(to: APIVersion(1, minor))
      #expect(request.hostConfig?.consoleSize == (minor < 42 ? nil : [1, 2]))
      #expect(request.hostConfig?.annotations.isEmpty == (minor < 43))
    }
  }

  @Test func healthChecks() throws {
    for minor in [43, 44] {
      var request = ContainerCreateRequest()
      request.config.healthcheck = HealthConfig()
      request.config.healthcheck?.startInterval = 5
      request.adapt(to: APIVersion(1, minor))
      #expect(request.config.healthcheck?.startInterval == (minor < 44 ? nil : 5))
    }
  }

  @Test func execs() throws {
    for minor in [24, 25, 34, 35, 41, 42] {
      var config = ExecConfig()
      (config.environment, config.workingDirectory, config.consoleSize) = (["A=b"], "/w", [1, 2])
      config.adapt(to: APIVersion(1, minor))
      #expect((config.environment == nil) == (minor < 25))
      #expect(config.workingDirectory == (minor < 35 ? "" : "/w"))
      #expect((config.consoleSize == nil) == (minor < 42))
      var start = ExecStartRequest()
      start.consoleSize = [1, 2]
      start.adapt(to: APIVersion(1, minor))
      #expect((start.consoleSize == nil) == (minor < 42))
    }
  }

  @Test func parametersOfTheQuery() throws {
    let request = Request(version: APIVersion(1, 41), query: try Query("signal=TERM"))
    #expect(request.parameter("signal", since: APIVersion(1, 41)) == "TERM")
    #expect(request.parameter("signal", since: APIVersion(1, 42)) == nil)
  }
}
