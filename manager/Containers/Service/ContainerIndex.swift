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
    /// Who has links to a container.
    var linkOwners: [String: Set<ContainerID>] = [:]

    mutating func forgetLinks(of record: ContainerRecord) {
      for link in record.host.links {
        linkOwners[link.target]?.remove(record.id)
        if linkOwners[link.target]?.isEmpty == true { linkOwners[link.target] = nil }
      }
    }

    mutating func addLinks(of record: ContainerRecord) {
      for link in record.host.links { linkOwners[link.target, default: []].insert(record.id) }
    }
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
      $0.addLinks(of: record)
    }
  }

  func update(_ record: ContainerRecord) {
    contents.withLock { contents in
      guard let old = contents.entries[record.id]?.record else { return }
      contents.entries[record.id]?.listed = ListedContainer(record)
      guard old.host.links != record.host.links else { return }
      contents.forgetLinks(of: old)
      contents.addLinks(of: record)
    }
  }

  func remove(_ id: ContainerID) {
    contents.withLock { contents in
      guard let entry = contents.entries.removeValue(forKey: id) else { return }
      contents.names[entry.record.name.text] = nil
      contents.forgetLinks(of: entry.record)
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

  /// The container with this identifier, name or unambiguous beginning of an identifier; or what another one's link is to,
  /// `owner/alias`.
  func find(_ text: String) throws(ContainerError) -> (container: Container, record: ContainerRecord) {
    let name = text.hasPrefix("/") ? String(text.dropFirst()) : text
    let found = contents.withLock { contents -> Result<Entry, ContainerError> in
      if let id = ContainerID(name), let entry = contents.entries[id] { return .success(entry) }
      if let id = contents.names[name], let entry = contents.entries[id] { return .success(entry) }
      if let entry = Self.linked(name, contents) { return .success(entry) }
      let matches = name.isEmpty ? [] : contents.entries.values.filter { $0.record.id.text.hasPrefix(name) }
      if matches.count > 1 { return .failure(.ambiguous(name)) }
      return matches.first.map { .success($0) } ?? .failure(.notFound(text))
    }
    let entry = try found.get()
    return (entry.container, entry.record)
  }
}

// MARK: - Networks of others

extension ContainerIndex {
  /// Those that run on the interfaces of another container.
  func networkGuests() -> [ContainerRecord] {
    contents.withLock { contents in
      contents.entries.values.map(\.record).filter { record in
        record.host.networkMode.isContainer && (record.state.running?.pid ?? 0) > 0
      }
    }
  }
}

// MARK: - Links

extension ContainerIndex {
  private static func linked(_ name: String, _ contents: Contents) -> Entry? {
    guard let slash = name.firstIndex(of: "/") else { return nil }
    let alias = name[name.index(after: slash)...]
    let owner = contents.names[String(name[..<slash])].flatMap { contents.entries[$0] }
    let link = owner?.record.host.links.first { $0.alias == alias }
    return link.flatMap { ContainerID($0.target) }.flatMap { contents.entries[$0] }
  }

  /// The container's links to those that are still there.
  func linked(from record: ContainerRecord) -> [(LegacyLink, ContainerRecord)] {
    guard !record.host.links.isEmpty else { return [] }
    return contents.withLock { contents in
      record.host.links.compactMap { link in
        ContainerID(link.target).flatMap { contents.entries[$0] }.map { (link, $0.record) }
      }
    }
  }

  /// Those that have links to the container, with all their links.
  func linkOwners(of id: ContainerID) -> [(Container, [LegacyLink])] {
    contents.withLock { contents in
      (contents.linkOwners[id.text] ?? []).compactMap { contents.entries[$0] }
        .map { ($0.container, $0.record.host.links) }
    }
  }

  /// What containers are called by those that have links to them, `owner/alias`.
  func linkNames() -> [ContainerID: [String]] {
    contents.withLock { contents in
      var names: [ContainerID: [String]] = [:]
      for (target, owners) in contents.linkOwners {
        guard let id = ContainerID(target) else { continue }
        let links = owners.compactMap { contents.entries[$0]?.record }.flatMap { owner in
          owner.host.links.filter { $0.target == target }.map { "\(owner.name)/\($0.alias)" }
        }
        if !links.isEmpty { names[id] = links.sorted() }
      }
      return names
    }
  }
}
