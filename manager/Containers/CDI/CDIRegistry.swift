internal import JSON
internal import LinuxKernel
internal import OCIRuntimeSpec

/// The devices that files in some folders describe, read anew for each start. Blocks.
struct CDIRegistry {
  private struct Entry {
    var spec: CDISpec
    var device: CDISpec.Device
    var file: String
  }

  private var entries: [CDIName: Entry] = [:]
  /// Why files, or devices that more than one file describes, do not count.
  private(set) var problems: [String] = []

  private static let fileLimit = 4 << 20

  /// - Parameter folders: those that come later outdo those before. One that is not there is fine.
  init(folders: [String]) {
    for folder in folders { read(folder) }
  }

  private mutating func read(_ folder: String) {
    var found: [CDIName: [Entry]] = [:]
    do {
      guard try FileStatus.of(folder) != nil else { return }
      for name in try Directory.names(folder).sorted() where Self.isSpec(name) {
        for entry in readFile("\(folder)/\(name)") {
          if let name = CDIName("\(entry.spec.kind)=\(entry.device.name)") { found[name, default: []].append(entry) }
        }
      }
    } catch { problems.append("\(error)") }
    for (name, described) in found {
      entries[name] = described.count == 1 ? described[0] : nil
      if described.count > 1 {
        problems.append("\(name) is in \(described.map(\.file).joined(separator: " and "))")
      }
    }
  }

  private static func isSpec(_ name: String) -> Bool { [".json", ".yaml"].contains { name.hasSuffix($0) } }

  private mutating func readFile(_ path: String) -> [Entry] {
    do {
      let bytes = try AtomicFile.read(path, limit: Self.fileLimit)
      let value = path.hasSuffix(".yaml") ? try YAMLReader.read(bytes) : try JSONReader.read(bytes)
      let spec = try CDISpec(json: value)
      return spec.devices.map { Entry(spec: spec, device: $0, file: path) }
    } catch {
      problems.append("\(path): \(error)")
      return []
    }
  }

  /// Gives a container devices by their full names.
  /// - Throws: ``ContainerError/failed(_:)`` in Docker's words, and with what may have been the reason.
  func inject(_ names: [String], into spec: inout Spec) throws(ContainerError) {
    let wanted = names.map { name in CDIName(name).flatMap { entries[$0] } }
    let missing = zip(names, wanted).filter { $0.1 == nil }.map(\.0)
    guard missing.isEmpty else {
      let reasons = problems.isEmpty ? "" : " (\(problems.joined(separator: "; ")))"
      throw .failed(
        "CDI device injection failed: unresolvable CDI devices \(missing.joined(separator: ", "))\(reasons)")
    }
    var used: Set<String> = []
    for entry in wanted.compactMap(\.self) {
      if used.insert(entry.file).inserted { try entry.spec.edits.apply(to: &spec) }
      try entry.device.edits.apply(to: &spec)
    }
    spec.sortMounts()
  }
}

extension Spec {
  /// What is mounted in a mounted directory comes after that.
  fileprivate mutating func sortMounts() {
    func depth(_ mount: OCIRuntimeSpec.Mount) -> Int { mount.destination.split(separator: "/").count }
    mounts = mounts.enumerated().sorted { (depth($0.element), $0.offset) < (depth($1.element), $1.offset) }.map(
      \.element)
  }
}
