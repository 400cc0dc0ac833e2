internal import ContainerRuntime

extension Command {
  static let pause = Command(
    name: "pause", summary: "pause suspends all processes inside the container", usage: "<container-id>", options: [],
    arguments: 1...1, entersContainers: false
  ) { global, parsed throws(RuntimeError) in
    try Container(ContainerID(parsed.arguments[0]), root: global.root).pause()
    return 0
  }

  static let resume = Command(
    name: "resume", summary: "resumes all processes that have been previously paused", usage: "<container-id>",
    options: [], arguments: 1...1, entersContainers: false
  ) { global, parsed throws(RuntimeError) in
    try Container(ContainerID(parsed.arguments[0]), root: global.root).resume()
    return 0
  }
}
