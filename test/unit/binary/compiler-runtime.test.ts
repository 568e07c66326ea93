import { expect, test } from "vitest";
import { compilerRuntimeOf, isCompilerRuntime } from "../../../server/core/binary/compiler-runtime.ts";

test.each([
  "__udivti3 __divti3 __umodti3 __modti3 __udivmodti4 __divmodti4 __udivei4 __modei5",
  "__muloti4 __mulodi4 __addosi4 __multi3 __mulvsi3 __addvdi3 __absvti2 __negvdi2 __negti2 __ashlti3 __lshrdi3",
  "__popcountdi2 __parityti2 __clzti2 __ctzsi2 __ffsdi2 __bswapdi2 __bitreverseti2 __cmpti2 __ucmpdi2",
  "__extendhfsf2 __truncdfhf2 __trunctfdf2 __extendxftf2 __gnu_h2f_ieee __trunckfdf2",
  "__multf3 __addxf3 __divkf3 __muldc3 __divtc3 __powidf2 __unordtf2 __lttf2 __negdf2",
  "__fixunstfti __fixdfti __fixtfei __floatuntidf __floattihf __floateitf",
  "__atomic_load __atomic_compare_exchange_16 __atomic_fetch_nand_8 __aarch64_ldadd8_acq_rel __aarch64_cas16_relax",
  "__zig_probe_stack ___chkstk_ms __chkstk_ms ___chkstk _chkstk _alloca _fltused _alldiv _aullrem",
  "__aeabi_uidivmod __aeabi_ldivmod __aeabi_d2ulz __aeabi_f2iz __aeabi_dcmpun __aeabi_memclr8 __aeabi_ul2d __aeabi_read_tp",
  "__stack_chk_fail __memcpy_chk __clear_cache __cpu_model __isPlatformVersionAtLeast __emutls_get_address",
  "memcpy memset bcmp strlen fma fmaf sqrtl sqrtq truncf128 __sincosx __log10h __cosl",
])("compiler-rt defines %s", (names) => {
  expect(names.split(" ").filter((name) => compilerRuntimeOf(name) !== "compiler-rt")).toEqual([]);
});

test("ubsan-rt defines the handlers of most checks", () => {
  for (const name of [
    "__ubsan_handle_add_overflow",
    "__ubsan_handle_type_mismatch_v1_abort",
    "__ubsan_handle_builtin_unreachable",
  ]) {
    expect(compilerRuntimeOf(name)).toBe("ubsan-rt");
  }
  expect(isCompilerRuntime("__ubsan_handle_dynamic_type_cache_miss")).toBe(false);
});

test("neither defines anything else", () => {
  const names =
    "malloc printf pow snprintf _Znwm __cxa_throw __gxx_personality_v0 _Unwind_Resume PyList_New nowhere __udivti3_ my__udivti3 " +
    "__adddf4 __popcountdi3 __atomic_fetch_mul_4 __atomic_load_3 __aarch64_ldadd16x_acq sqrtd strlen2 memcpy_s __tls_get_addr __imp_memcpy";
  expect(names.split(" ").filter(isCompilerRuntime)).toEqual([]);
});
