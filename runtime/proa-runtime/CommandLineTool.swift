internal import ContainerRuntime
internal import LinuxKernel

/// The program: finds the command, runs it, reports what went wrong.
enum CommandLineTool {
  static func run(_ arguments: [String]) -> Int32 {
    do throws(SyscallError) { try FileDescriptorTable.fillStandard() } catch { return 1 }
    // What goes on from another image need not read its arguments twice. `perform` makes sure, and says what went wrong.
    if arguments.contains(where: Command.namesOfEntering.contains) { try? SelfProtection.applyEarly() }
    var global = GlobalOptions()
    do throws(UsageError) {
      let options = try ParsedOptions(arguments, GlobalOptions.options)
      global = try GlobalOptions(options)
      return try run(options, global)
    } catch {
      print("Incorrect Usage: \(error.message)\n\n\(Help.text)")
      global.log.error(error.message)
      return 1
    }
  }

  private static func run(_ options: ParsedOptions, _ global: GlobalOptions) throws(UsageError) -> Int32 {
    if options.has("version") { return said(Help.versionText) }
    guard let name = options.arguments.first, !options.has("help") else { return said(Help.text) }
    let rest = Array(options.arguments.dropFirst())
    if name == "help" || name == "h" { return help(rest, global) }
    guard let command = Command.named(name) else {
      let isKnown = Command.namesOfOthers.contains(name)
      global.log.error(isKnown ? "\(name) is not supported yet" : "No help topic for '\(name)'")
      return isKnown ? 1 : 3
    }
    return run(command, rest, global)
  }

  private static func run(
    _ command: Command, _ rest: [String], _ global: GlobalOptions
  ) -> Int32 {
    let help = Option.flag("help", "h", help: "show help")
    let parsed: ParsedOptions
    do { parsed = try ParsedOptions(rest, command.options + [help]) } catch {
      print("Incorrect Usage: \(error.message)\n\n\(command.help)")
      global.log.error(error.message)
      return 1
    }
    if parsed.has("help") { return said(command.help) }
    guard command.arguments.contains(parsed.arguments.count) else {
      print("Incorrect Usage.\n\n\(command.help)")
      let count = command.arguments.lowerBound
      let bound = command.arguments.count == 1 ? "exactly" : "a minimum of"
      global.log.error("proa-runtime: \"\(command.name)\" requires \(bound) \(count) argument(s)")
      return 1
    }
    return perform(command, parsed, global)
  }

  private static func perform(
    _ command: Command, _ parsed: ParsedOptions, _ global: GlobalOptions
  ) -> Int32 {
    do throws(RuntimeError) {
      if command.entersContainers { try SelfProtection.apply() }
      global.log.debug?("\(command.name) \(parsed.arguments.joined(separator: " "))")
      let status = try command.run(global, parsed)
      global.log.debug?("\(command.name): exit status \(status)")
      return status
    } catch {
      global.log.error(command.entersContainers ? "proa-runtime: \(command.name): \(error)" : "\(error)")
      return command.failureStatus
    }
  }

  private static func help(_ topics: [String], _ global: GlobalOptions) -> Int32 {
    guard let topic = topics.first else { return said(Help.text) }
    guard let command = Command.named(topic) else {
      global.log.error("No help topic for '\(topic)'")
      return 3
    }
    return said(command.help)
  }

  private static func said(_ text: String) -> Int32 {
    print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
    return 0
  }
}
