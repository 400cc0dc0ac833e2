import Glibc
import Metadata
import Testing

/// Runs `body` with the path for a database in a folder of its own, which is removed afterwards.
func withDatabasePath(_ body: (String) async throws -> Void) async throws {
  var template = Array("/tmp/proa-metadata-XXXXXX".utf8CString)
  let folder = try #require(mkdtemp(&template)).withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
  defer { remove(tree: folder) }
  try await body("\(folder)/proa.db")
}

func entries(of folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name.0) { String(cString: $0) }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}

private func remove(tree path: String) {
  for name in entries(of: path) { remove(tree: "\(path)/\(name)") }
  _ = rmdir(path) == 0 || unlink(path) == 0
}

func row(_ id: String, name: String? = nil, created: Int64 = 1) -> ContainerRow {
  ContainerRow(
    id: id, name: name ?? "name-\(id)", createdAt: created, imageID: "sha256:i", record: "{\"id\":\"\(id)\"}")
}
