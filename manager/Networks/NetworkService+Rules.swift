extension NetworkService {
  /// Puts rules back as soon as somebody removes them, until the task is cancelled; ever later if somebody does so again and again.
  /// Without it that waits for the next change or start.
  public func run() async {
    do {
      let changes = try await blocking { try RuleMonitor().changes }
      var pace = RepairPace()
      if await mend() { _ = pace.pause(after: .now) }
      for await _ in changes where await mend() {
        let pause = pace.pause(after: .now)
        guard pause > .zero else { continue }
        logger.warning(
          "the rules of \(configuration.bridge) are changed again and again: they are left alone for \(pause)")
        // Two that mend each other's rules without end would take a processor each.
        try await Task.sleep(for: pause)
      }
    } catch is CancellationError {
      return
    } catch { logger.error("cannot watch the rules of \(configuration.bridge): \(error)") }
  }

  /// - Returns: whether somebody had changed something.
  private func mend() async -> Bool {
    do {
      guard try await blocking({ [firewall] in try firewall.mend() }) else { return false }
      logger.warning("somebody changed the rules of \(configuration.bridge); they are back")
    } catch { logger.error("cannot put the rules of \(configuration.bridge) back: \(error)") }
    return true
  }
}
