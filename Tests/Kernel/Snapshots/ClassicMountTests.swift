import ImageFixtures
import LinuxKernel
import Testing

@testable import Snapshots

/// What kernels before 6.7 get.
struct ClassicMountTests {
  @Test func manyLayersFitIntoTheOnePageOfOptions() throws {
    let folder = try TemporaryFolder()
    let names = (0..<128).map { "\(folder.path)/a-layer-with-a-name-of-some-length-\($0)" }
    for path in names + ["upper", "work", "target"].map({ "\(folder.path)/\($0)" }) { try Directory.make(path) }
    for path in names { try Directory.make("\(path)/\(path.split(separator: "-").last ?? "")") }
    let target = "\(folder.path)/target"

    try OverlayMount(lower: names, writable: ("\(folder.path)/upper", "\(folder.path)/work")).classic(at: target)
    let found = Result { try Directory.names(target).count }
    try Mounts.detach(target)

    #expect(try found.get() == 128)
  }
}
