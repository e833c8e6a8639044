//! Running a kernel with the widest vectors that the machine has, with the same bits as without.
//!
//! A kernel is plain Rust: no operation but +, −, ·, /, √ and the fused multiply-add, which IEEE 754 rounds exactly, in an
//! order that it fixes itself. Compiled once for any machine and once for those with AVX2 and FMA, it gives the same
//! numbers; only on a machine without fused multiply-add it is slow.

use pulp::{Arch, Simd, WithSimd};

/// A piece of work on numbers.
pub trait Kernel {
    /// What comes out.
    type Output;

    /// Does it. Must be `#[inline(always)]`, with all that it calls, or [`fast`] isn't.
    fn run(self) -> Self::Output;
}

/// Does a piece of work with the widest vectors that the machine has.
#[inline]
pub fn fast<K: Kernel>(kernel: K) -> K::Output {
    Arch::new().dispatch(Wide(kernel))
}

/// A kernel as the dispatcher wants to see it.
struct Wide<K>(K);

impl<K: Kernel> WithSimd for Wide<K> {
    type Output = K::Output;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> K::Output {
        self.0.run()
    }
}
