internal import ContainerRuntime
internal import LinuxKernel

extension Command {
  static let spec = Command(
    name: "spec", summary: "create a new specification file", usage: "[command options]",
    options: [
      .value("bundle", "b", help: "path to the root of the bundle directory"),
      .value("file", "f", help: "the file to write, instead of config.json"),
      .flag("rootless", help: "generate a configuration for a rootless container"),
    ],
    arguments: 0...0, entersContainers: false
  ) { _, parsed throws(RuntimeError) in
    let name = parsed["file"] ?? "config.json"
    let path = name.hasPrefix("/") ? name : "\(try BundlePath.absolute(parsed["bundle"] ?? "."))/\(name)"
    do throws(SyscallError) {
      let file = try FileDescriptor.open(path, [.writeOnly, .create, .exclusive], mode: 0o666)
      // Without any control groups it is not v2 either.
      let isUnified = (try? FileSystemKind(ofPath: "/sys/fs/cgroup")) == .cgroup2
      try file.writeAll(Array(SpecTemplate.text(rootless: parsed.has("rootless"), unified: isUnified).utf8))
    } catch {
      throw RuntimeError(error.errno == .exists ? "File \(name) exists. Remove it first" : "\(error)")
    }
    return 0
  }
}
