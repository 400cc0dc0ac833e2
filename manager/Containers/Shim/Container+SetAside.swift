internal import LinuxKernel
internal import NIOPosix

extension Container {
  /// Takes an exit record that cannot be read out of the bundle, which goes with the end of the run, and reports it.
  /// - Returns: what has happened, in words for a person.
  func setAside(_ record: String, of subject: String, reason: String) async -> String {
    let place = surroundings.paths.setAside(id)
    var problem = "the record of the exit of \(subject) cannot be read (\(reason))"
    do {
      try await surroundings.threads.runIfActive { try Directory.move(record, to: place) }
      problem += ", and is kept at \(place)"
    } catch { problem += ", nor kept: \(error)" }
    logger.error("\(problem)")
    surroundings.report(problem)
    return problem
  }
}
