import ImageFixtures
import OCIImageSpec
import Testing

@testable import Images

struct KeptManifestTests {
  @Test(
    arguments: [([], 100), ([1, 2], 103), ([-5, 7], 107), ([.max, .max, 5], .max), ([.min, .max], .max)]
      as [([Int64], Int64)])
  func sizesOfAnyKindAreAdded(_ sizes: [Int64], _ sum: Int64) {
    let manifest = Descriptor(mediaType: .manifest, digest: .ofNothing, size: 100)
    let blobs = sizes.map { Descriptor(mediaType: .manifest, digest: .ofNothing, size: $0) }
    #expect(KeptManifest(manifest, naming: blobs).contentSize == sum)
  }
}
