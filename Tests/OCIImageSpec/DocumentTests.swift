import JSON
import OCIImageSpec
import Testing

struct DocumentTests {
  private static let digest = "sha256:" + String(repeating: "0", count: 64)
  private static let blob = #"{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"\#(digest)","size":7}"#

  private func again<Value: JSONConvertible>(_ type: Value.Type, _ text: String) throws -> String {
    JSONWriter.string(try Value(jsonText: Array(text.utf8)))
  }

  @Test(arguments: [
    #"{"schemaVersion":2,"config":\#(blob),"layers":[\#(blob)],"x":{"y":[1.50]}}"#,
    #"{"schemaVersion":2,"mediaType":"m","artifactType":"a","config":\#(blob),"layers":[],"subject":\#(blob),"annotations":{"k":"v"}}"#,
  ])
  func aManifestIsWrittenAsItWasRead(text: String) throws { #expect(try again(Manifest.self, text) == text) }

  @Test func anIndexIsWrittenAsItWasRead() throws {
    let platform = #"{"architecture":"arm","os":"linux","os.version":"1","os.features":["f"],"variant":"v7","new":1}"#
    let entry =
      #"{"mediaType":"m","digest":"\#(Self.digest)","size":1,"urls":["u"],"data":"eA==","platform":\#(platform)}"#
    let text = #"{"schemaVersion":2,"manifests":[\#(entry)],"later":null}"#
    #expect(try again(Index.self, text) == text)
  }

  @Test func aConfigurationKeepsWhatDockerAddsAndWhatNobodyKnows() throws {
    let config =
      #"{"User":"1:2","ExposedPorts":{"80/tcp":{}},"Env":["A=b"],"Entrypoint":["/e"],"Cmd":[],"#
      + #""Healthcheck":{"Test":["CMD","x"],"Interval":1,"Retries":3},"Volumes":{"/v":{}},"WorkingDir":"/w","#
      + #""OnBuild":["RUN x"],"Labels":{"l":"m"},"StopSignal":"SIGINT","Shell":["/bin/sh","-c"],"Tty":false}"#
    let text =
      #"{"created":"2026-01-01T00:00:00Z","architecture":"amd64","os":"linux","config":\#(config),"#
      + #""rootfs":{"type":"layers","diff_ids":["\#(Self.digest)"]},"history":[{"created_by":"x","empty_layer":true}],"#
      + #""docker_version":"20","container_config":{"Hostname":"h"}}"#
    #expect(try again(ImageConfiguration.self, text) == text)
  }

  @Test func anEmptyCommandIsNotAnAbsentOne() throws {
    let text = #"{"architecture":"a","os":"o","rootfs":{"type":"layers","diff_ids":null},"config":{"Cmd":[]}}"#
    let configuration = try ImageConfiguration(jsonText: Array(text.utf8))
    #expect(configuration.config?.cmd == [])
    #expect(configuration.config?.entrypoint == nil)
    #expect(configuration.rootfs.diffIDs == [])
  }

  @Test(arguments: [
    (#"{"architecture":"a","os":"o"}"#, "rootfs"),
    (#"{"architecture":"a","os":"o","rootfs":{"type":"zip","diff_ids":[]}}"#, "rootfs.type"),
    (#"{"architecture":"a","os":"o","rootfs":{"type":"layers","diff_ids":["sha256:1"]}}"#, "rootfs.diff_ids[0]"),
    (#"{"architecture":"a","os":"o","rootfs":{"type":"layers","diff_ids":[]},"config":{"Env":"A=b"}}"#, "config.Env"),
    (#"{"architecture":1,"os":"o","rootfs":{"type":"layers","diff_ids":[]}}"#, "architecture"),
  ])
  func whatIsWrongInAConfigurationIsNamed(text: String, path: String) {
    #expect { try ImageConfiguration(jsonText: Array(text.utf8)) } throws: { ($0 as? JSONError)?.path == path }
  }

  @Test(arguments: [
    (#"{"schemaVersion":1,"config":\#(blob),"layers":[]}"#, "schemaVersion"),
    (#"{"schemaVersion":2,"config":{"mediaType":"m","digest":"\#(digest)","size":-1},"layers":[]}"#, "config.size"),
    (#"{"schemaVersion":2,"config":\#(blob),"layers":[{"digest":"\#(digest)","size":1}]}"#, "layers[0].mediaType"),
  ])
  func whatIsWrongInAManifestIsNamed(text: String, path: String) {
    #expect { try Manifest(jsonText: Array(text.utf8)) } throws: { ($0 as? JSONError)?.path == path }
  }

  @Test func onlyTheKnownLayoutVersionIsRead() {
    #expect(throws: JSONError.self) { try ImageLayout(jsonText: Array(#"{"imageLayoutVersion":"2.0.0"}"#.utf8)) }
  }

  @Test(arguments: [
    ("linux", "amd64", nil as String?, true), ("linux", "amd64", "v1", true), ("linux", "arm64", nil, false),
    ("windows", "amd64", nil, false),
  ])
  func onlyImagesForThisMachineRun(os: String, architecture: String, variant: String?, runs: Bool) {
    let here = Platform(os: "linux", architecture: "amd64")
    #expect(here.runs(Platform(os: os, architecture: architecture, variant: variant)) == runs)
  }

  @Test func theDefaultVariantOfArm64NeedNotBeNamed() {
    let here = Platform(os: "linux", architecture: "arm64", variant: "v8")
    #expect(here.runs(Platform(os: "linux", architecture: "arm64")))
    #expect(
      !Platform(os: "linux", architecture: "arm", variant: "v6").runs(
        .init(os: "linux", architecture: "arm", variant: "v7")))
  }
}
