// SPDX-License-Identifier: Apache-2.0
// refused with: narrowing
int answer = 42;
