internal import ContainerRuntime

extension Command {
  static let run = Command(
    name: "run", summary: "create and run a container", usage: "[command options] <container-id>",
    options: creationOptions + [
      .flag("detach", "d", help: "detach from the container's process"),
      .flag("keep", help: "do not delete the container after it exits"),
      .flag("no-subreaper", help: "disable the use of the subreaper used to reap reparented processes"),
    ],
    arguments: 1...1, entersContainers: true
  ) { global, parsed throws(RuntimeError) in
    try ContainerRun.run(
      ContainerID(parsed.arguments[0]),
      options: CreateOptions(global, parsed, isDetached: parsed.has("detach")),
      keep: parsed.has("keep"), isSubreaper: !parsed.has("no-subreaper")
    ) { global.log.warning("\($0)") }
  }
}
