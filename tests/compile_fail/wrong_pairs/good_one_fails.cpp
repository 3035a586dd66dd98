// SPDX-License-Identifier: Apache-2.0
// refused with: undeclared
int answer = nowhere_declared;
