internal import ContainerRuntime
internal import LinuxKernel

extension Command {
  static let delete = Command(
    name: "delete", summary: "delete any resources held by the container often used with detached container",
    usage: "[command options] <container-id>",
    options: [
      .flag("force", "f", help: "Forcibly deletes the container if it is still running (uses SIGKILL)"),
      .flag("regex", "r", help: "the argument is a regular expression: deletes all containers whose names match it"),
    ],
    arguments: 1...1, entersContainers: false
  ) { global, parsed throws(RuntimeError) in
    let force = parsed.has("force")
    try each(parsed, global) { id throws(RuntimeError) in try delete(id, force: force, global) }
    return 0
  }

  /// Does it to the container that is named, or with `--regex` to all whose names match.
  static func each(
    _ parsed: ParsedOptions, _ global: GlobalOptions, _ body: (ContainerID) throws(RuntimeError) -> Void
  ) throws(RuntimeError) {
    guard parsed.has("regex") else { return try body(ContainerID(parsed.arguments[0])) }
    var failures: [RuntimeError] = []
    for id in try matching(parsed.arguments[0], in: global.root) {
      // One that fails keeps no other.
      do throws(RuntimeError) { try body(id) } catch { failures.append(RuntimeError("\(id): \(error)")) }
    }
    for failure in failures.dropLast() { global.log.error("\(failure)") }
    if let last = failures.last { throw last }
  }

  private static func delete(_ id: ContainerID, force: Bool, _ global: GlobalOptions) throws(RuntimeError) {
    let container: Container
    do throws(RuntimeError) { container = try Container(id, root: global.root) } catch {
      guard force else { throw error }
      // What cannot be read is removed all the same, as far as it can be found.
      return try BrokenContainer(id, root: global.root).remove()
    }
    for failure in try container.delete(force: force) { global.log.warning("\(failure)") }
  }

  private static func matching(_ text: String, in root: String) throws(RuntimeError) -> [ContainerID] {
    let pattern: Pattern
    do throws(PatternError) { pattern = try Pattern(text) } catch {
      throw RuntimeError("--regex: \"\(text)\": \(error.description)")
    }
    var found: [ContainerID] = []
    for id in try ContainerListing.names(in: root) where pattern.matches("\(id)") { found.append(id) }
    return found
  }
}
