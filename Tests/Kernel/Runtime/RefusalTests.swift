import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Bad configurations and command lines: a clear reason, and nothing left. Needs root.
@Suite(.serialized) struct RefusalTests {
  private static func mount(_ destination: String, _ type: String, _ source: String, _ options: [String] = []) -> Mount
  {
    var mount = Mount()
    (mount.destination, mount.type, mount.source, mount.options) = (destination, type, source, options)
    return mount
  }

  static let configurations: [(reason: String, change: @Sendable (inout Spec) -> Void)] = [
    ("ociVersion: ", { $0.ociVersion = "2.0.0" }),
    ("process: is required", { $0.process = nil }),
    ("process.args: must not be empty", { $0.process?.args = [] }),
    ("process.cwd: must be an absolute path", { $0.process?.cwd = "tmp" }),
    ("process.rlimits[0].type: ", { $0.process?.rlimits[0].type = "RLIMIT_NONSENSE" }),
    ("linux.namespaces: a mount namespace is required", { $0.linux?.namespaces = [LinuxNamespace(.user)] }),
    (
      "linux.rootfsPropagation: needs a mount namespace",
      {
        $0.linux?.namespaces = [LinuxNamespace(.uts)]
        $0.linux?.rootfsPropagation = .private
      }
    ),
    ("hostname: ", { $0.linux?.namespaces = [LinuxNamespace(.mount)] }),
    ("linux.sysctl[\"kernel.panic\"]: ", { $0.linux?.sysctl = ["kernel.panic": "1"] }),
    ("linux.intelRdt: intelRdt is specified", { $0.linux?.intelRdt = LinuxIntelRdt() }),
    ("linux.mountLabel: ", { $0.linux?.mountLabel = "a:b:c:s0\",size=1" }),
    ("linux.memoryPolicy.mode: ", { $0.linux?.memoryPolicy = LinuxMemoryPolicy() }),
    ("mounts[7].options: \"tmpcopyup\"", { $0.mounts.append(mount("/x", "bind", "/etc", ["bind", "tmpcopyup"])) }),
    (
      "mounts[7].options: tmpfs on /x: fsconfig", { $0.mounts.append(mount("/x", "tmpfs", "x", ["tmpcopyup", "a=b"])) }
    ),
    ("mounts[7]: /not/there", { $0.mounts.append(mount("/x", "bind", "/not/there", ["bind"])) }),
    ("mounts[7].destination: ", { $0.mounts.append(mount("/proc/sys", "tmpfs", "x")) }),
    ("exec: \"nope\": executable file not found in $PATH", { $0.process?.args = ["nope"] }),
    ("chdir to cwd (\"/etc/passwd\")", { $0.process?.cwd = "/etc/passwd" }),
    ("root.path: ", { $0.root?.path = "missing" }),
    (
      "ran out of memory (memory limit too low?)",
      {
        $0.linux?.resources = LinuxResources()
        $0.linux?.resources?.memory = LinuxMemory()
        $0.linux?.resources?.memory?.limit = 1
      }
    ),
  ]

  @Test(arguments: configurations.indices) func badConfigurations(_ index: Int) throws {
    let (reason, change) = Self.configurations[index]
    try Bundle.with(change) { bundle in
      let outcome = try bundle.runtime("create", "--bundle", bundle.folder, bundle.id)
      #expect(outcome.status == 1)
      let message = outcome.errors.replacing("\\\"", with: "\"")
      #expect(message.contains("proa-runtime: create: ") && message.contains(reason), "\(outcome.errors)")
      #expect(message.split(separator: "\n").count == 1)
      #expect(try bundle.known().isEmpty)
    }
  }

  @Test func wrongTypesAreNamed() throws {
    try Bundle.with { bundle in
      let text = String(decoding: try AtomicFile.read("\(bundle.folder)/config.json"), as: UTF8.self)
      try AtomicFile.write(
        Array(text.replacing("\"args\":[", with: "\"args\":[{},").utf8), to: "\(bundle.folder)/config.json")
      let outcome = try bundle.runtime("create", "--bundle", bundle.folder, bundle.id)
      #expect(outcome.errors.contains("config.json: process.args[0]: expected a string"), "\(outcome.errors)")
    }
  }

  @Test func failingHooksUndoEverything() throws {
    try Bundle.with {
      var hook = Hook()
      (hook.path, hook.args) = ("/bin/sh", ["sh", "-c", "echo broken; exit 3"])
      $0.hooks = Hooks()
      $0.hooks?.createRuntime = [hook]
    } _: { bundle in
      let outcome = try bundle.runtime("create", "--bundle", bundle.folder, bundle.id)
      #expect(outcome.errors.contains("hooks.createRuntime[0]: /bin/sh: exit status 3: broken"), "\(outcome.errors)")
      #expect(try bundle.known().isEmpty)
    }
  }

  @Test(
    arguments: [
      (["bogus"], 3, "No help topic for 'bogus'"),
      (["create", "--bogus"], 1, "flag provided but not defined: -bogus"),
      (["create"], 1, "requires exactly 1 argument"),
      (["create", "a", "b"], 1, "requires exactly 1 argument"),
      (["state", "../x"], 1, "invalid container ID format"),
      (["state", "none"], 1, "container does not exist"),
      (["delete", "none"], 1, "container does not exist"),
      (["delete", "-force", "none"], 0, ""),
      (["--log-format", "xml", "state", "none"], 1, "invalid log-format"),
      (["list", "--format=xml"], 1, "invalid format option"),
    ] as [([String], Int32, String)]) func commandLines(_ arguments: [String], _ status: Int32, _ message: String)
    throws
  {
    let outcome = try RuntimeProgram.run(["--root=/tmp/proa-test-none"] + arguments)
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func logsAreJSONForEngines() throws {
    let log = "/tmp/proa-test-log-\(getpid())"
    defer { unlink(log) }
    let outcome = try RuntimeProgram.run([
      "-log", log, "-log-format=json", "-root", "/tmp/proa-test-none", "start", "x",
    ])
    #expect(outcome.errors == "container does not exist\n")
    let line = String(decoding: try AtomicFile.read(log), as: UTF8.self)
    #expect(line.hasPrefix("{\"level\":\"error\",\"msg\":\"container does not exist\",\"time\":\""))
    #expect(line.hasSuffix("Z\"}\n"))
  }
}
