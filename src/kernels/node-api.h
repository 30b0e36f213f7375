// Node-API. Windows finds a program's functions in whatever it is called: an import library would ask for node.exe by name.
#pragma once
#define NAPI_VERSION 8
#include <node_api.h>
#ifdef _WIN32
#include <windows.h>
#define FIND(name) const auto name = (decltype(&::name))(void *)GetProcAddress(GetModuleHandleW(nullptr), #name);
namespace { // hides the functions of the same names
FIND(napi_add_env_cleanup_hook) FIND(napi_call_threadsafe_function) FIND(napi_check_object_type_tag) FIND(napi_create_array)
FIND(napi_create_double) FIND(napi_create_object) FIND(napi_create_promise) FIND(napi_create_reference) FIND(napi_create_string_utf8)
FIND(napi_create_threadsafe_function) FIND(napi_define_properties) FIND(napi_delete_reference) FIND(napi_get_boolean)
FIND(napi_get_cb_info) FIND(napi_get_instance_data) FIND(napi_get_typedarray_info) FIND(napi_get_undefined) FIND(napi_get_value_double)
FIND(napi_get_value_string_utf8) FIND(napi_is_arraybuffer) FIND(napi_is_typedarray) FIND(napi_ref_threadsafe_function)
FIND(napi_resolve_deferred) FIND(napi_set_element) FIND(napi_set_instance_data) FIND(napi_set_named_property) FIND(napi_throw_error)
FIND(napi_type_tag_object) FIND(napi_typeof) FIND(napi_unref_threadsafe_function) FIND(napi_unwrap) FIND(napi_wrap)
} // namespace
#endif
