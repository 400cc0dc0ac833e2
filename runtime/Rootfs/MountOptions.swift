package import LinuxKernel

/// The options of a mount, sorted by who understands them (runtime-spec config.md §Linux mount options).
package struct MountOptions: Equatable {
  /// For `mount(2)` of a new file system.
  package var flags: Mounts.Flags = []
  /// For the copy of a mount: what is set, and what is cleared before.
  package var set: MountAttributes = []
  package var clear: MountAttributes = []
  /// The same for the mount and all below it: `rro`, `rnosuid` and so on.
  package var recursiveSet: MountAttributes = []
  package var recursiveClear: MountAttributes = []
  /// Changes of propagation in the order given, each with or without ``Mounts/Flags/recursive``.
  package var propagation: [Mounts.Flags] = []
  package var isBind = false
  package var isRecursiveBind = false
  /// Whether a mount is changed that is there already.
  package var isRemount = false
  /// For that: what is cleared by name, of the mount and, as `fsconfig(2)` calls it, of the file system.
  package var cleared: MountAttributes = []
  package var superblock: [String] = []
  /// Whether a tmpfs starts with what the image has there.
  package var isCopiedUp = false
  /// Whether files are shown under other ids.
  package var isIDMapped = false
  package var isRecursivelyIDMapped = false
  /// What only the file system understands, separated by commas.
  package var data = ""

  package init(_ options: [String]) {
    for option in options {
      guard let effect = MountOption.effect(of: option) else {
        data += data.isEmpty ? option : ",\(option)"
        continue
      }
      apply(effect)
    }
    if isRemount {
      superblock = options.filter { MountOption.superblockFlag($0) != nil && $0 != "silent" && $0 != "loud" }
    }
  }

  private mutating func apply(_ effect: MountOption.Effect) {
    switch effect {
    case .nothing: break
    case .remount: isRemount = true
    case .bind(let recursive):
      isBind = true
      isRecursiveBind = isRecursiveBind || recursive
    case .copyUp: isCopiedUp = true
    case .mapIDs(let recursive):
      isIDMapped = true
      isRecursivelyIDMapped = recursive
    case .set(let flag, let attribute):
      if MountAttributes.accessTimeField.contains(attribute) { clearAccessTime(flag) }
      flags.formUnion(flag)
      set.formUnion(attribute)
      cleared.subtract(attribute)
    case .clear(let flag, let attribute):
      flags.subtract(flag)
      set.subtract(attribute)
      cleared.formUnion(attribute)
    case .recursive(let added, let cleared):
      recursiveSet = recursiveSet.subtracting(cleared).union(added)
      recursiveClear.formUnion(cleared)
      // The kernel takes the field of access times only as a whole.
      if MountAttributes.accessTimeField.contains(added), !added.isEmpty { recursiveClear.formUnion(.accessTimeField) }
    case .propagation(let flag): propagation.append(flag)
    }
  }

  private mutating func clearAccessTime(_ flag: Mounts.Flags) {
    let times: Mounts.Flags = [.noAccessTime, .strictAccessTime, .relativeAccessTime]
    guard !times.isDisjoint(with: flag) else { return }
    flags.subtract(times)
    set.subtract(.accessTimeField)
    clear.formUnion(.accessTimeField)
  }
}
