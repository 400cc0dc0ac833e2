internal import ContainerRuntime

extension Command {
  static let kill = Command(
    name: "kill", summary: "sends the specified signal (default: SIGTERM) to the container's init process",
    usage: "[command options] <container-id> [signal]",
    options: [
      .flag("all", "a", help: "send the specified signal to all processes inside the container"),
      .flag("regex", "r", help: "the argument is a regular expression: signals all containers whose names match it"),
    ],
    arguments: 1...2, entersContainers: false
  ) { global, parsed throws(RuntimeError) in
    let text = parsed.arguments.count > 1 ? parsed.arguments[1] : "SIGTERM"
    guard let signal = SignalName.number(of: text) else { throw RuntimeError("unknown signal \"\(text)\"") }
    let all = parsed.has("all")
    try each(parsed, global) { id throws(RuntimeError) in
      try Container(id, root: global.root).kill(signal, all: all)
    }
    return 0
  }
}
