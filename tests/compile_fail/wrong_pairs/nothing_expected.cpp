// SPDX-License-Identifier: Apache-2.0
#ifdef PARMAP_TEST_GOOD_TWIN
int answer = 42;
#else
int answer = nowhere_declared;
#endif
