internal import Glibc
internal import JSON
internal import LinuxKernel
internal import OCIRuntimeSpec

/// What an OCI runtime says of itself (runtime-spec features.md). To be asked where one that does not know a part of
/// `config.json` would pass over it.
struct RuntimeFeatures {
  /// Bytes of what it says.
  private static let limit = 1 << 20

  let name: String
  let features: Features

  /// Asks it. Blocks.
  /// - Throws: ``ContainerError/failed(_:)`` that names the runtime.
  init(of runtime: (name: String, path: String)) throws(ContainerError) {
    name = runtime.name
    let status: Int32
    let answer: [UInt8]
    do throws(SyscallError) { (status, answer) = try Self.ask(runtime.path) } catch {
      throw .failed("cannot ask the runtime \"\(name)\" for its features: \(error)")
    }
    guard status == 0 else {
      throw .failed("the runtime \"\(name)\" does not tell its features: the command ended with status \(status)")
    }
    do throws(JSONError) { features = try Features(jsonText: answer) } catch {
      throw .failed("the features of the runtime \"\(name)\" cannot be read: \(error)")
    }
  }

  private static func ask(_ path: String) throws(SyscallError) -> (Int32, [UInt8]) {
    let null = try FileDescriptor.open("/dev/null", [.readWrite])
    var pipe = try Pipe()
    let reader = pipe.takeReadEnd()
    let pid: Int32
    do {
      let writer = pipe.takeWriteEnd()
      pid = try ChildProcess.spawn(path, [path, "features"], stdin: null, stdout: writer, stderr: null)
    }
    let answer: [UInt8]
    do throws(SyscallError) { answer = try reader.readAll(limit: limit) } catch {
      // It may wait for somebody to read the rest.
      try Processes.kill(pid, SIGKILL)
      _ = try Processes.reap(pid)
      throw error
    }
    guard let (_, status) = try Processes.reap(pid) else {
      throw SyscallError("waitpid", path, errno: .noProcess)
    }
    return (status.shellStatus, answer)
  }

  /// - Throws: ``ContainerError/failed(_:)`` if it would not map the ids of these mounts.
  func requireIDMaps(of mounts: [MountRequest]) throws(ContainerError) {
    for mount in mounts {
      let option = mount.idMapOption
      guard features.linux?.mountExtensions?.idmap?.enabled == true, features.mountOptions.contains(option) else {
        throw .failed("the runtime \"\(name)\" cannot map the ids of \(mount.target): it does not know \"\(option)\"")
      }
    }
  }
}

extension MountRequest {
  /// What has a runtime map its ids (runtime-spec config.md §Linux mount options).
  var idMapOption: String { recursive ? "ridmap" : "idmap" }
}

extension ContainerRecord {
  /// Those whose ids are shown as others.
  var mappedMounts: [MountRequest] {
    get throws(ContainerError) {
      let mounts = try host.allMounts().filter { $0.kind == .bind } + volumes.map(\.bind)
      return mounts.filter { !$0.idMap.isEmpty }
    }
  }
}
