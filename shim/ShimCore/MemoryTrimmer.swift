internal import LinuxKernel

/// Keeps an idle shim small.
enum MemoryTrimmer {
  static func trim() { CurrentProcess.trimHeap() }
}
