internal import Synchronization

/// Every container by identifier and name, with its last record: what `ps` and name look-ups read without asking the
/// containers themselves.
final class ContainerIndex: Sendable {
  private struct Entry {
    var container: Container
    var listed: ListedContainer

    var record: ContainerRecord { listed.record }
  }

  private struct Contents {
    var entries: [ContainerID: Entry] = [:]
    /// Names in use, those that a creation has reserved included.
    var names: [String: ContainerID] = [:]
  }

  private let contents = Mutex(Contents())

  /// - Throws: ``ContainerError/nameInUse(name:owner:)``
  func reserve(_ name: ContainerName, for id: ContainerID) throws(ContainerError) {
    try contents.withLock { contents throws(ContainerError) in
      if let owner = contents.names[name.text] { throw .nameInUse(name: name.text, owner: owner) }
      contents.names[name.text] = id
    }
  }

  func release(_ name: ContainerName) { contents.withLock { _ = $0.names.removeValue(forKey: name.text) } }

  func insert(_ container: Container, _ record: ContainerRecord) {
    contents.withLock {
      $0.entries[record.id] = Entry(container: container, listed: ListedContainer(record))
      $0.names[record.name.text] = record.id
    }
  }

  func update(_ record: ContainerRecord) {
    contents.withLock { $0.entries[record.id]?.listed = ListedContainer(record) }
  }

  func remove(_ id: ContainerID) {
    contents.withLock { contents in
      guard let entry = contents.entries.removeValue(forKey: id) else { return }
      contents.names[entry.record.name.text] = nil
    }
  }

  /// Newest first, as `ps` shows them.
  func listed() -> [ListedContainer] {
    contents.withLock { $0.entries.values.map(\.listed) }.sorted { first, second in
      if first.record.createdAt != second.record.createdAt { return first.record.createdAt > second.record.createdAt }
      return first.record.id.text > second.record.id.text
    }
  }

  /// The same, without what was made of them.
  func records() -> [ContainerRecord] { listed().map(\.record) }

  /// The container with this identifier, name or unambiguous beginning of an identifier.
  func find(_ text: String) throws(ContainerError) -> (container: Container, record: ContainerRecord) {
    let name = text.hasPrefix("/") ? String(text.dropFirst()) : text
    let found = contents.withLock { contents -> Result<Entry, ContainerError> in
      if let id = ContainerID(name), let entry = contents.entries[id] { return .success(entry) }
      if let id = contents.names[name], let entry = contents.entries[id] { return .success(entry) }
      let matches = name.isEmpty ? [] : contents.entries.values.filter { $0.record.id.text.hasPrefix(name) }
      if matches.count > 1 { return .failure(.ambiguous(name)) }
      return matches.first.map { .success($0) } ?? .failure(.notFound(text))
    }
    let entry = try found.get()
    return (entry.container, entry.record)
  }
}
