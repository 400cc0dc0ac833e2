import Testing

@testable import Allocation

/// The heap is for one thread.
@Suite(.serialized) struct AllocationTests {
  @Test(arguments: [0, 1, 15, 16, 17, 496, 512, 513, 1024, 1025, 4096, 65537, 1 << 20, (1 << 20) + 1, 5 << 20])
  func blocksAreAlignedAndHold(_ size: Int) throws {
    let block = try #require(Heap.allocate(size))
    defer { Heap.free(block) }
    #expect(Int(bitPattern: block) % Heap.alignment == 0)
    let sizeClass = SizeClass(of: block)
    #expect(sizeClass.capacity >= size && sizeClass.capacity <= max(16, size * 2))
    block.initializeMemory(as: UInt8.self, repeating: 0xA5, count: size)
    #expect(SizeClass(of: block).index == sizeClass.index)
  }

  @Test func classesGrow() throws {
    let capacities = try (0..<40).map { try #require(SizeClass(1 << $0)).capacity }
    #expect(capacities == (0..<40).map { max(16, 1 << $0) })
    #expect(try #require(SizeClass(512)).capacity == 512)
    #expect(try #require(SizeClass(513)).capacity == 1024)
  }

  @Test(arguments: [-1, .min, .max, (1 << 39) + 1]) func absurdSizesAreRefused(_ size: Int) {
    #expect(Heap.allocate(size) == nil)
    #expect(allocate(size) == nil)
  }

  @Test func freedBlocksComeBackToTheirSize() throws {
    let first = try #require(Heap.allocate(100))
    Heap.free(first)
    let other = try #require(Heap.allocate(200))
    let again = try #require(Heap.allocate(112))
    #expect(again == first && other != first)
    Heap.free(other)
    Heap.free(again)
  }

  @Test func blocksDoNotOverlap() throws {
    var blocks: [(start: UnsafeMutableRawPointer, size: Int)] = []
    for number in 1...2000 {
      let size = number * 37 % 3000
      let block = try #require(Heap.allocate(size))
      block.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: number), count: size)
      blocks.append((block, size))
    }
    for (index, block) in blocks.enumerated() {
      let bytes = UnsafeRawBufferPointer(start: block.start, count: block.size)
      #expect(bytes.allSatisfy { $0 == UInt8(truncatingIfNeeded: index + 1) })
      Heap.free(block.start)
    }
  }

  @Test func zerosAfterUse() throws {
    let used = try #require(Heap.allocate(64))
    used.initializeMemory(as: UInt8.self, repeating: 1, count: 64)
    Heap.free(used)
    let zeros = try #require(allocateZeros(8, 8))
    #expect(zeros == used)
    #expect(UnsafeRawBufferPointer(start: zeros, count: 64).allSatisfy { $0 == 0 })
    free(zeros)
    #expect(allocateZeros(.max, 2) == nil)
  }

  @Test func growingKeepsWhatIsThere() throws {
    let small = try #require(reallocate(nil, 20))
    small.initializeMemory(as: UInt8.self, repeating: 7, count: 20)
    #expect(reallocate(small, 32) == small)
    let large = try #require(reallocate(small, 5000))
    #expect(large != small)
    #expect(UnsafeRawBufferPointer(start: large, count: 20).allSatisfy { $0 == 7 })
    free(large)
  }

  @Test func onlyUsualAlignments() {
    var block: UnsafeMutableRawPointer?
    #expect(allocateAligned(&block, 16, 10) == 0 && block != nil)
    free(block)
    #expect(allocateAligned(&block, 64, 10) != 0)
  }
}
