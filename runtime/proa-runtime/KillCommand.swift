internal import ContainerRuntime

extension Command {
  static let kill = Command(
    name: "kill", summary: "sends the specified signal (default: SIGTERM) to the container's init process",
    usage: "[command options] <container-id> [signal]",
    options: [.flag("all", "a", help: "send the specified signal to all processes inside the container")],
    arguments: 1...2, entersContainers: false
  ) { global, parsed throws(RuntimeError) in
    let text = parsed.arguments.count > 1 ? parsed.arguments[1] : "SIGTERM"
    guard let signal = SignalName.number(of: text) else { throw RuntimeError("unknown signal \"\(text)\"") }
    let container = try Container(ContainerID(parsed.arguments[0]), root: global.root)
    try container.kill(signal, all: parsed.has("all"))
    return 0
  }

  static let delete = Command(
    name: "delete", summary: "delete any resources held by the container often used with detached container",
    usage: "[command options] <container-id>",
    options: [.flag("force", "f", help: "Forcibly deletes the container if it is still running (uses SIGKILL)")],
    arguments: 1...1, entersContainers: false
  ) { global, parsed throws(RuntimeError) in
    let id = try ContainerID(parsed.arguments[0])
    let force = parsed.has("force")
    let container: Container
    do throws(RuntimeError) { container = try Container(id, root: global.root) } catch {
      guard force else { throw error }
      // What cannot be read is removed all the same, as far as it can be found.
      try BrokenContainer(id, root: global.root).remove()
      return 0
    }
    for failure in try container.delete(force: force) { global.log.warning("\(failure)") }
    return 0
  }
}
