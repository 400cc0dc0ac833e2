import Glibc
import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Hooks of all six kinds (config.md §POSIX-platform Hooks). Needs root.
@Suite(.serialized) struct HookTests {
  private func hook(_ script: String, shell: String = "/bin/sh", timeout: Int? = nil) -> Hook {
    var hook = Hook()
    (hook.path, hook.args) = (shell, ["sh", "-c", script])
    hook.timeout = timeout.map { .init($0) }
    return hook
  }

  /// Which namespaces a hook is in shows in what it sees: the host's file, or the container's.
  @Test func allSixRunInOrderAndPlace() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/busybox", "sh", "-c", "echo process"]
      $0.root?.readonly = false
    } _: { bundle in
      let log = "\(bundle.folder)/hooks"
      func note(_ phase: String) -> Hook { hook("(echo \(phase) $(readlink /proc/self/ns/mnt); cat; echo) >> \(log)") }
      try bundle.configure {
        var hooks = Hooks()
        hooks.prestart = [note("prestart")]
        hooks.createRuntime = [note("createRuntime"), note("createRuntime")]
        hooks.createContainer = [note("createContainer")]
        hooks.startContainer = [hook("busybox cat > /state; echo x > /started", shell: "/bin/sh")]
        hooks.poststart = [note("poststart")]
        hooks.poststop = [note("poststop")]
        $0.hooks = hooks
      }
      let outcome = try bundle.run()
      #expect(outcome.status == 0 && outcome.output == "process\n", "\(outcome.errors)")
      let lines = String(decoding: try AtomicFile.read(log), as: UTF8.self).split(separator: "\n")
      let phases = lines.filter { !$0.hasPrefix("{") }.map { $0.split(separator: " ") }
      #expect(
        phases.map { $0[0] }
          == ["prestart", "createRuntime", "createRuntime", "createContainer", "poststart", "poststop"])
      let own = try FileDescriptor.open("/proc/self/ns", .pathOnly).symbolicLink(at: "mnt")
      #expect(phases.map { $0[1] == own } == [true, true, true, false, true, true])
      let states = try lines.filter { $0.hasPrefix("{") }.map { try JSONReader.read(String($0)) }
      #expect(
        states.compactMap { $0["status"]?.string }
          == ["created", "created", "created", "created", "running", "stopped"])
      #expect(states.allSatisfy { $0["id"]?.string == bundle.id && $0["bundle"]?.string == bundle.folder })
      let inside = try JSONReader.read(
        String(decoding: try AtomicFile.read("\(bundle.folder)/rootfs/state"), as: UTF8.self))
      #expect(inside["status"]?.string == "created" && inside["id"]?.string == bundle.id)
      #expect(try FileStatus.of("\(bundle.folder)/rootfs/started") != nil)
    }
  }

  /// config.md §Poststart: after the program is executed, before `start` returns.
  @Test func poststartSeesTheProgram() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "100"]
    } _: { bundle in
      let seen = "\(bundle.folder)/seen"
      try bundle.configure {
        $0.hooks = Hooks()
        let pid = #"sed 's/.*"pid":\([0-9]*\).*/\1/'"#
        $0.hooks?.startContainer = [hook("busybox usleep 200000", shell: "/bin/sh")]
        $0.hooks?.poststart = [hook("tr '\\0' ' ' < /proc/$(\(pid))/cmdline > \(seen)")]
      }
      try bundle.start()
      #expect(String(decoding: try AtomicFile.read(seen), as: UTF8.self) == "/bin/sleep 100 ")
    }
  }

  @Test func theEnvironmentIsTheHooks() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/true"]
    } _: { bundle in
      try bundle.configure {
        var first = hook("env > \(bundle.folder)/env")
        first.env = ["ONLY=this"]
        $0.hooks = Hooks()
        $0.hooks?.createRuntime = [first]
      }
      #expect(try bundle.run().status == 0)
      let lines = String(decoding: try AtomicFile.read("\(bundle.folder)/env"), as: UTF8.self).split(separator: "\n")
      #expect(lines.contains("ONLY=this") && !lines.contains { $0.hasPrefix("HOME=") })
    }
  }

  @Test(arguments: ["prestart", "createRuntime", "createContainer"])
  func aHookThatFailsUndoesTheContainer(phase: String) throws {
    try failing(phase, hook("echo broken; exit 3"), "hooks.\(phase)[0]: /bin/sh: exit status 3: broken")
    try failing(phase, hook("exec sleep 100", timeout: 1), "hooks.\(phase)[0]: /bin/sh: took longer than its timeout")
  }

  private func failing(_ phase: String, _ hook: Hook, _ reason: String) throws {
    try Bundle.with {
      $0.hooks = Hooks()
      let hooks = [hook, self.hook("echo never > /tmp/never-run")]
      switch phase {
      case "prestart": $0.hooks?.prestart = hooks
      case "createRuntime": $0.hooks?.createRuntime = hooks
      default: $0.hooks?.createContainer = hooks
      }
    } _: { bundle in
      let outcome = try bundle.runtime("create", "--bundle", bundle.folder, bundle.id)
      #expect(outcome.status == 1 && outcome.errors.contains(reason), "\(outcome.errors)")
      #expect(try bundle.known().isEmpty)
      #expect(try FileStatus.of("/tmp/never-run") == nil)
    }
  }

  @Test func aStartContainerHookThatFailsEndsTheContainer() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/busybox", "echo", "ran"]
      $0.hooks = Hooks()
      $0.hooks?.startContainer = [hook("echo broken; exit 4")]
    } _: { bundle in
      let outcome = try bundle.run()
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(outcome.errors.contains("hooks.startContainer[0]: /bin/sh: exit status 4: broken"), "\(outcome.errors)")
    }
  }

  /// After a failing poststart hook `run` takes the container away; a failing poststop hook undoes nothing.
  @Test func failuresAfterTheStart() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "100"]
      $0.hooks = Hooks()
      $0.hooks?.poststart = [hook("exit 5")]
    } _: { bundle in
      let outcome = try bundle.run()
      #expect(outcome.status == 1 && outcome.errors.contains("hooks.poststart[0]"), "\(outcome.errors)")
      #expect(try bundle.known().isEmpty)
      try #require(try bundle.runtime("create", "--bundle", bundle.folder, bundle.id).status == 0)
      let started = try bundle.runtime("start", bundle.id)
      #expect(started.status == 1 && started.errors.contains("hooks.poststart[0]"), "\(started.errors)")
      #expect(!started.errors.contains("left behind"), "\(started.errors)")
      #expect(try bundle.known().isEmpty)
    }
    try Bundle.with {
      $0.process?.args = ["/bin/true"]
      $0.hooks = Hooks()
      $0.hooks?.poststop = [hook("exit 6"), hook("exit 7")]
    } _: { bundle in
      let outcome = try bundle.run()
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("hooks.poststop[0]") && outcome.errors.contains("hooks.poststop[1]"))
      #expect(try bundle.known().isEmpty)
    }
  }

  @Test(arguments: [("relative", nil), ("/bin/sh", 0)] as [(String, Int?)])
  func impossibleHooksAreRefused(path: String, timeout: Int?) throws {
    try Bundle.with {
      var hook = hook("true", timeout: timeout)
      hook.path = path
      $0.hooks = Hooks()
      $0.hooks?.poststop = [hook]
    } _: { bundle in
      let outcome = try bundle.runtime("create", "--bundle", bundle.folder, bundle.id)
      #expect(outcome.status == 1 && outcome.errors.contains("hooks.poststop[0]."), "\(outcome.errors)")
    }
  }
}
