import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

@testable import Containers

@Suite struct CDITests {
  /// As `nvidia-ctk` writes it.
  static let yaml = """
    ---
    cdiVersion: 0.5.0
    containerEdits:
      env:
      - VISIBLE=void   # not all
      hooks:
      - args:
        - hook
        - --link
        - "a::/b"
        hookName: createContainer
        path: /usr/bin/hook
      mounts:
      - containerPath: /lib/x
        hostPath: /host/x
        options: [ro, bind]
    devices:
    - containerEdits:
        deviceNodes:
        - path: /dev/x0
          hostPath: /dev/null
          fileMode: 0640
      name: "0"
    - name: all
      containerEdits: {"additionalGids": [7]}
    kind: vendor.com/gpu
    """

  static let json = """
    {"cdiVersion": "0.6.0", "kind": "vendor.com/net", "devices": [{"name": "a:1", "containerEdits":
      {"env": ["A=b"], "deviceNodes": [{"path": "/dev/n", "type": "c", "major": 10, "minor": 200, "permissions": "r"}]}}]}
    """

  /// Files by name, in two folders of which the second outdoes the first.
  private func registry(
    _ first: [String: String], _ second: [String: String] = [:], _ body: (CDIRegistry) throws -> Void
  ) throws {
    let root = "/tmp/proa-cdi-tests-\(UInt64.random(in: .min ... .max))"
    defer { #expect(throws: Never.self) { try Directory.removeTree(root) } }
    for (folder, files) in [("a", first), ("b", second)] {
      try Directory.make("\(root)/\(folder)")
      for (name, text) in files {
        try AtomicFile.write(Array(text.utf8), to: "\(root)/\(folder)/\(name)", durability: .visible)
      }
    }
    try body(CDIRegistry(folders: ["\(root)/a", "\(root)/b", "\(root)/missing"]))
  }

  private static var spec: Spec {
    var spec = Spec()
    spec.process = Process()
    spec.process?.env = ["VISIBLE=all"]
    spec.linux = Linux()
    spec.linux?.resources = LinuxResources()
    return spec
  }

  @Test func whatADeviceChanges() throws {
    try registry(["x.yaml": Self.yaml]) { registry in
      #expect(registry.problems == [])
      var spec = Self.spec
      try registry.inject(["vendor.com/gpu=0", "vendor.com/gpu=all"], into: &spec)
      #expect(spec.process?.env == ["VISIBLE=void"])
      #expect(spec.hooks?.createContainer.map(\.args) == [["hook", "--link", "a::/b"]])
      #expect(spec.mounts.map(\.options) == [["ro", "bind"]])
      let device = try #require(spec.linux?.devices.first)
      #expect(device.path == "/dev/x0" && device.major == 1 && device.minor == 3 && device.fileMode == 0o640)
      #expect(spec.linux?.resources?.devices.map(\.access) == ["rwm"])
      #expect(spec.process?.user.additionalGids == [7])
    }
  }

  @Test func laterFoldersOutdoEarlierOnes() throws {
    let other = Self.json.replacing("A=b", with: "A=c")
    try registry(["x.json": Self.json], ["y.json": other, "z.txt": "no"]) { registry in
      var spec = Self.spec
      try registry.inject(["vendor.com/net=a:1"], into: &spec)
      #expect(spec.process?.env.contains("A=c") == true)
      #expect(spec.linux?.resources?.devices.map(\.access) == ["r"])
    }
  }

  @Test func whatIsNotThere() throws {
    try registry(["x.json": Self.json, "y.json": Self.json, "z.json": "{"]) { registry in
      var spec = Self.spec
      let error = #expect(throws: ContainerError.self) {
        try registry.inject(["vendor.com/net=a:1", "nonsense"], into: &spec)
      }
      let text = error?.description ?? ""
      #expect(text.hasPrefix("CDI device injection failed: unresolvable CDI devices vendor.com/net=a:1, nonsense ("))
      #expect(text.contains("y.json") && text.contains("z.json"))
      #expect(spec == Self.spec)
    }
  }

  @Test(arguments: ["intelRdt", "netDevices"])
  func whatIsNotKnownIsRefused(member: String) throws {
    let text = Self.json.replacing("\"env\"", with: "\"\(member)\": [], \"env\"")
    try registry(["x.json": text]) { registry in
      #expect(registry.problems.first?.contains(member) == true)
    }
  }

  @Test func otherDriversAreNotThere() throws {
    var request = DriverDeviceRequest()
    request.capabilities = [["gpu", "x"], ["y"]]
    var spec = Self.spec
    #expect(throws: ContainerError.failed("could not select device driver \"\" with capabilities: [[gpu x] [y]]")) {
      try request.inject(into: &spec, folders: [])
    }
  }

  @Test(arguments: [
    ("a: 1\nb:\n  - x\n  - y: z\n    q: 'it''s'\n", #"{"a":1,"b":["x",{"y":"z","q":"it's"}]}"#),
    ("a:\n- - 1\n  - 2\n-\n  b: ~\n", #"{"a":[[1,2],{"b":null}]}"#), ("\"a:b\": c:d\n", #"{"a:b":"c:d"}"#),
    ("a: \"x # y\" # z\nb: []\nc:\n", #"{"a":"x # y","b":[],"c":null}"#),
    ("- 0x10\n- 010\n- 0.5\n- 1.2.3\n", #"[16,8,"0.5","1.2.3"]"#),
    ("a: \"x\\\\\" # y\nb: 'it''s # z'\n\"c\\\": d\": e\n", #"{"a":"x\\","b":"it's # z","c\": d":"e"}"#),
    ("a: 1\r\nb: 2\r\n", #"{"a":1,"b":2}"#), ("# nothing\n", "null"), ("{\"a\":\n 1}", #"{"a":1}"#),
    ("plain", #""plain""#),
  ])
  func yaml(text: String, json: String) throws {
    #expect(JSONWriter.string(try YAMLReader.read(Array(text.utf8))) == json)
  }

  @Test(arguments: [
    "a: &x 1", "a: |\n  b", "a: 1\na: 2", "a: 1\n  b: 2", "- a\nb: 1", "\ta: 1", "a: 1\n---\nb: 2", "a: 'x",
    "a: [b, {c}]",
    String(repeating: "- ", count: 100) + "x", "? a",
  ])
  func refusesYAML(text: String) {
    #expect(throws: (any Error).self) { try YAMLReader.read(Array(text.utf8)) }
  }
}
