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
}
