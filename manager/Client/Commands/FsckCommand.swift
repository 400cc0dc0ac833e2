internal import ArgumentParser
internal import EngineAPI
internal import NIOHTTP1

struct FsckCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "system fsck", abstract: "Check every blob and layer of all images", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Flag(name: .long, help: "Fetch again what is damaged or missing, and remove what nothing needs")
  var repair = false

  func execute(_ engine: EngineClient) async throws {
    let target: RequestTarget = "/proa/fsck"
    let report = try await engine.decode(FsckReport.self, .POST, target.with("repair", repair))
    try await StandardOutput.output.write(text(report))
    let left = report.faults.count { !$0.isRepaired }
    guard left == 0 else {
      throw ClientError.failed(
        repair ? "\(left) faults could not be repaired" : "\(left) faults: --repair mends what can be mended")
    }
  }

  private func text(_ report: FsckReport) -> String {
    let faults = report.faults.map { fault in
      let users = fault.images.isEmpty ? "" : " of \(fault.images.joined(separator: ", "))"
      let result = fault.isRepaired ? " (repaired)" : fault.obstacle.isEmpty ? "" : " (not repaired: \(fault.obstacle))"
      return "\(fault.kind) \(fault.digest)\(users): \(fault.reason)\(result)\n"
    }
    return faults.joined() + "\(report.blobs) blobs and \(report.layers) layers checked\n"
  }
}
