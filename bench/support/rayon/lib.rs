// SPDX-License-Identifier: Apache-2.0
//! Rayon's map and join behind C functions.

use rayon::prelude::*;
use std::ffi::c_void;

#[derive(Clone, Copy)]
struct Context(*mut c_void);

unsafe impl Send for Context {}
unsafe impl Sync for Context {}

impl Context {
    // By value, so that closures capture the whole of it and not its pointer alone.
    fn get(self) -> *mut c_void {
        self.0
    }
}

/// `output[i] = input[i] * input[i]`, which Rust compiles into its own loop.
///
/// # Safety
/// Both arrays have `n` elements and do not overlap.
#[no_mangle]
pub unsafe extern "C" fn bench_rayon_square(input: *const f64, output: *mut f64, n: usize) {
    let input = std::slice::from_raw_parts(input, n);
    let output = std::slice::from_raw_parts_mut(output, n);
    output.par_iter_mut().zip(input.par_iter()).for_each(|(to, x)| *to = x * x);
}

/// Calls `f(context, i)` for each i below `n`.
///
/// # Safety
/// `f` may be called from any thread.
#[no_mangle]
pub unsafe extern "C" fn bench_rayon_for_each(
    n: usize,
    f: extern "C" fn(*mut c_void, usize),
    context: *mut c_void,
) {
    let shared = Context(context);
    (0..n).into_par_iter().for_each(|i| f(shared.get(), i));
}

/// Calls `a(context_of_a)` and `b(context_of_b)`, perhaps at once.
///
/// # Safety
/// Both may be called from any thread.
#[no_mangle]
pub unsafe extern "C" fn bench_rayon_join(
    a: extern "C" fn(*mut c_void),
    context_of_a: *mut c_void,
    b: extern "C" fn(*mut c_void),
    context_of_b: *mut c_void,
) {
    let first = Context(context_of_a);
    let second = Context(context_of_b);
    rayon::join(|| a(first.get()), || b(second.get()));
}
