internal import ContainerRuntime
internal import JSON

extension Command {
  static let ps = Command(
    name: "ps", summary: "ps displays the processes running inside a container",
    usage: "[command options] <container-id> [ps options]",
    options: [.value("format", "f", help: "select one of: table or json (default: \"table\")")],
    arguments: 1...Int.max, entersContainers: false
  ) { global, parsed throws(RuntimeError) in
    let pids = try Container(ContainerID(parsed.arguments[0]), root: global.root).processes()
    switch parsed["format"] ?? "table" {
    case "json": print(pids.isEmpty ? "null" : JSONWriter.string(pids))
    case "table":
      let options = parsed.arguments.dropFirst()
      print(try ProcessTable.text(of: pids, options: options.isEmpty ? ["-ef"] : Array(options)), terminator: "")
    default: throw RuntimeError("invalid format option")
    }
    return 0
  }
}
