internal import Synchronization

/// Work that is done once for everybody who wants it at the same time, told to all of them, and given up when none is left.
final class SharedWork<Key: Hashable & Sendable, Note: Sendable>: Sendable {
  typealias Teller = @Sendable (Note) -> Void

  private struct Entry {
    let id: UInt64
    let task: Task<Void, any Error>
    var listeners: [UInt64: Teller]
    /// What was told last, for those who come later.
    var last: Note?
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    var counter: UInt64 = 0
  }

  private let state = Mutex(State())

  /// Waits for the work on `key`, begun now or before. If it was begun by somebody else and fails, it is tried again with
  /// `work`.
  func run(
    _ key: Key, telling tell: @escaping Teller, _ work: @escaping @Sendable (@escaping Teller) async throws -> Void
  ) async throws {
    while true {
      let (entry, listener, isOwner) = join(key, tell, work)
      defer { leave(key, entry, listener) }
      do {
        return try await withTaskCancellationHandler {
          try await entry.task.value
        } onCancel: {
          leave(key, entry, listener)
        }
      } catch {
        try Task.checkCancellation()
        if isOwner { throw error }
      }
    }
  }

  private func join(
    _ key: Key, _ tell: @escaping Teller, _ work: @escaping @Sendable (@escaping Teller) async throws -> Void
  ) -> (Entry, listener: UInt64, isOwner: Bool) {
    state.withLock { state in
      state.counter += 1
      let listener = state.counter
      if var entry = state.entries[key], !entry.listeners.isEmpty {
        entry.listeners[listener] = tell
        state.entries[key] = entry
        if let last = entry.last { tell(last) }
        return (entry, listener, false)
      }
      // What is being given up ends first: both would write the same file.
      let former = state.entries[key]?.task
      let task = Task {
        _ = await former?.result
        defer { self.end(key, listener) }
        try await work { self.note($0, key, listener) }
      }
      let entry = Entry(id: listener, task: task, listeners: [listener: tell], last: nil)
      state.entries[key] = entry
      return (entry, listener, true)
    }
  }

  private func note(_ note: Note, _ key: Key, _ id: UInt64) {
    let listeners = state.withLock { state -> [Teller] in
      guard state.entries[key]?.id == id else { return [] }
      state.entries[key]?.last = note
      return state.entries[key].map { Array($0.listeners.values) } ?? []
    }
    for tell in listeners { tell(note) }
  }

  /// The last one who leaves stops the work.
  private func leave(_ key: Key, _ entry: Entry, _ listener: UInt64) {
    let isLast = state.withLock { state in
      guard state.entries[key]?.id == entry.id else { return false }
      state.entries[key]?.listeners[listener] = nil
      return state.entries[key]?.listeners.isEmpty == true
    }
    if isLast { entry.task.cancel() }
  }

  private func end(_ key: Key, _ id: UInt64) {
    state.withLock { state in
      if state.entries[key]?.id == id { state.entries[key] = nil }
    }
  }
}
