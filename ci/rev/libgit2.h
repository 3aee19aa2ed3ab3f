/*
 * libgit2: the library, loaded when the first revision is read. Nothing else includes <git2.h>.
 *
 * It brings a dozen libraries with it (TLS, SSH, Kerberos). Linked to the program they would be
 * loaded and bound at every start, whatever the command: some 3 ms, more than all that `compare`
 * takes for two small files.
 *
 * Its functions keep their names: each is a macro that calls through the table. One that is missing
 * in either list below does not compile or does not link.
 */
#ifndef CI_REV_LIBGIT2_H
#define CI_REV_LIBGIT2_H

#include <stdbool.h>

#include <git2.h>
#include <git2/sys/repository.h>

#include "parsers/error.h"

#define LIBGIT2_FUNCTIONS(X)                                                                       \
    X(git_blob_free)                                                                               \
    X(git_blob_lookup)                                                                             \
    X(git_blob_rawcontent)                                                                         \
    X(git_blob_rawsize)                                                                            \
    X(git_buf_dispose)                                                                             \
    X(git_commit_author)                                                                           \
    X(git_commit_dup)                                                                              \
    X(git_commit_free)                                                                             \
    X(git_commit_id)                                                                               \
    X(git_commit_lookup)                                                                           \
    X(git_commit_message)                                                                          \
    X(git_commit_parent)                                                                           \
    X(git_commit_parent_id)                                                                        \
    X(git_commit_parentcount)                                                                      \
    X(git_commit_summary)                                                                          \
    X(git_commit_time)                                                                             \
    X(git_commit_tree)                                                                             \
    X(git_commit_tree_id)                                                                          \
    X(git_config_foreach_match)                                                                    \
    X(git_config_free)                                                                             \
    X(git_config_get_multivar_foreach)                                                             \
    X(git_config_get_string)                                                                       \
    X(git_config_open_default)                                                                     \
    X(git_config_open_ondisk)                                                                      \
    X(git_diff_free)                                                                               \
    X(git_diff_get_delta)                                                                          \
    X(git_diff_num_deltas)                                                                         \
    X(git_diff_options_init)                                                                       \
    X(git_diff_tree_to_tree)                                                                       \
    X(git_diff_tree_to_workdir_with_index)                                                         \
    X(git_error_last)                                                                              \
    X(git_filter_list_apply_to_blob)                                                               \
    X(git_filter_list_free)                                                                        \
    X(git_filter_list_load_ext)                                                                    \
    X(git_index_free)                                                                              \
    X(git_index_get_bypath)                                                                        \
    X(git_index_new)                                                                               \
    X(git_libgit2_init)                                                                            \
    X(git_libgit2_opts)                                                                            \
    X(git_libgit2_shutdown)                                                                        \
    X(git_merge_base)                                                                              \
    X(git_message_trailer_array_free)                                                              \
    X(git_message_trailers)                                                                        \
    X(git_object_free)                                                                             \
    X(git_object_peel)                                                                             \
    X(git_object_type)                                                                             \
    X(git_object_type2string)                                                                      \
    X(git_odb_exists)                                                                              \
    X(git_odb_free)                                                                                \
    X(git_odb_hash)                                                                                \
    X(git_odb_hashfile)                                                                            \
    X(git_odb_open)                                                                                \
    X(git_odb_read_header)                                                                         \
    X(git_oid_cpy)                                                                                 \
    X(git_oid_equal)                                                                               \
    X(git_oid_fromstr)                                                                             \
    X(git_oid_tostr)                                                                               \
    X(git_oid_tostr_s)                                                                             \
    X(git_reference_free)                                                                          \
    X(git_reference_iterator_free)                                                                 \
    X(git_reference_iterator_new)                                                                  \
    X(git_reference_lookup)                                                                        \
    X(git_reference_name_is_valid)                                                                 \
    X(git_reference_name_to_id)                                                                    \
    X(git_reference_next_name)                                                                     \
    X(git_reference_symbolic_target)                                                               \
    X(git_reference_type)                                                                          \
    X(git_remote_free)                                                                             \
    X(git_remote_list)                                                                             \
    X(git_remote_lookup)                                                                           \
    X(git_repository_commondir)                                                                    \
    X(git_repository_config_snapshot)                                                              \
    X(git_repository_free)                                                                         \
    X(git_repository_head_detached)                                                                \
    X(git_repository_head_unborn)                                                                  \
    X(git_repository_index)                                                                        \
    X(git_repository_is_shallow)                                                                   \
    X(git_repository_new)                                                                          \
    X(git_repository_odb)                                                                          \
    X(git_repository_open_ext)                                                                     \
    X(git_repository_path)                                                                         \
    X(git_repository_set_config)                                                                   \
    X(git_repository_set_index)                                                                    \
    X(git_repository_set_odb)                                                                      \
    X(git_repository_workdir)                                                                      \
    X(git_revparse_single)                                                                         \
    X(git_strarray_dispose)                                                                        \
    X(git_tree_entry_byindex)                                                                      \
    X(git_tree_entry_byname)                                                                       \
    X(git_tree_entry_bypath)                                                                       \
    X(git_tree_entry_filemode)                                                                     \
    X(git_tree_entry_free)                                                                         \
    X(git_tree_entry_id)                                                                           \
    X(git_tree_entry_name)                                                                         \
    X(git_tree_entry_type)                                                                         \
    X(git_tree_entrycount)                                                                         \
    X(git_tree_free)                                                                               \
    X(git_tree_lookup)

#define LIBGIT2_MEMBER(name) __typeof__(name) *(name);
struct libgit2 {
    LIBGIT2_FUNCTIONS(LIBGIT2_MEMBER)
};
#undef LIBGIT2_MEMBER

/*
 * Loads the library whose headers this is compiled with (its binary interface is another one in
 * each version), once, and starts it; git_libgit2_shutdown is due for each start. The library stays
 * loaded. ERROR_READ: there is none, or one that lacks a function.
 */
__attribute__((warn_unused_result)) enum error_code libgit2_start(struct error *error);

/* The functions, from the first libgit2_start on. */
const struct libgit2 *libgit2(void);

/*
 * What libgit2_start does to load: the first of the files (names or paths, NULL at the end) that
 * can be loaded, and all of its functions. False: *functions is untouched, and *error says why.
 */
__attribute__((warn_unused_result)) bool
libgit2_bind(const char *const files[], struct libgit2 *functions, struct error *error);

#define git_blob_free(...) libgit2()->git_blob_free(__VA_ARGS__)
#define git_blob_lookup(...) libgit2()->git_blob_lookup(__VA_ARGS__)
#define git_blob_rawcontent(...) libgit2()->git_blob_rawcontent(__VA_ARGS__)
#define git_blob_rawsize(...) libgit2()->git_blob_rawsize(__VA_ARGS__)
#define git_buf_dispose(...) libgit2()->git_buf_dispose(__VA_ARGS__)
#define git_commit_author(...) libgit2()->git_commit_author(__VA_ARGS__)
#define git_commit_dup(...) libgit2()->git_commit_dup(__VA_ARGS__)
#define git_commit_free(...) libgit2()->git_commit_free(__VA_ARGS__)
#define git_commit_id(...) libgit2()->git_commit_id(__VA_ARGS__)
#define git_commit_lookup(...) libgit2()->git_commit_lookup(__VA_ARGS__)
#define git_commit_message(...) libgit2()->git_commit_message(__VA_ARGS__)
#define git_commit_parent(...) libgit2()->git_commit_parent(__VA_ARGS__)
#define git_commit_parent_id(...) libgit2()->git_commit_parent_id(__VA_ARGS__)
#define git_commit_parentcount(...) libgit2()->git_commit_parentcount(__VA_ARGS__)
#define git_commit_summary(...) libgit2()->git_commit_summary(__VA_ARGS__)
#define git_commit_time(...) libgit2()->git_commit_time(__VA_ARGS__)
#define git_commit_tree(...) libgit2()->git_commit_tree(__VA_ARGS__)
#define git_commit_tree_id(...) libgit2()->git_commit_tree_id(__VA_ARGS__)
#define git_config_foreach_match(...) libgit2()->git_config_foreach_match(__VA_ARGS__)
#define git_config_free(...) libgit2()->git_config_free(__VA_ARGS__)
#define git_config_get_multivar_foreach(...) libgit2()->git_config_get_multivar_foreach(__VA_ARGS__)
#define git_config_get_string(...) libgit2()->git_config_get_string(__VA_ARGS__)
#define git_config_open_default(...) libgit2()->git_config_open_default(__VA_ARGS__)
#define git_config_open_ondisk(...) libgit2()->git_config_open_ondisk(__VA_ARGS__)
#define git_diff_free(...) libgit2()->git_diff_free(__VA_ARGS__)
#define git_diff_get_delta(...) libgit2()->git_diff_get_delta(__VA_ARGS__)
#define git_diff_num_deltas(...) libgit2()->git_diff_num_deltas(__VA_ARGS__)
#define git_diff_options_init(...) libgit2()->git_diff_options_init(__VA_ARGS__)
#define git_diff_tree_to_tree(...) libgit2()->git_diff_tree_to_tree(__VA_ARGS__)
#define git_diff_tree_to_workdir_with_index(...)                                                   \
    libgit2()->git_diff_tree_to_workdir_with_index(__VA_ARGS__)
#define git_error_last(...) libgit2()->git_error_last(__VA_ARGS__)
#define git_filter_list_apply_to_blob(...) libgit2()->git_filter_list_apply_to_blob(__VA_ARGS__)
#define git_filter_list_free(...) libgit2()->git_filter_list_free(__VA_ARGS__)
#define git_filter_list_load_ext(...) libgit2()->git_filter_list_load_ext(__VA_ARGS__)
#define git_index_free(...) libgit2()->git_index_free(__VA_ARGS__)
#define git_index_get_bypath(...) libgit2()->git_index_get_bypath(__VA_ARGS__)
#define git_index_new(...) libgit2()->git_index_new(__VA_ARGS__)
#define git_libgit2_init(...) libgit2()->git_libgit2_init(__VA_ARGS__)
#define git_libgit2_opts(...) libgit2()->git_libgit2_opts(__VA_ARGS__)
#define git_libgit2_shutdown(...) libgit2()->git_libgit2_shutdown(__VA_ARGS__)
#define git_merge_base(...) libgit2()->git_merge_base(__VA_ARGS__)
#define git_message_trailer_array_free(...) libgit2()->git_message_trailer_array_free(__VA_ARGS__)
#define git_message_trailers(...) libgit2()->git_message_trailers(__VA_ARGS__)
#define git_object_free(...) libgit2()->git_object_free(__VA_ARGS__)
#define git_object_peel(...) libgit2()->git_object_peel(__VA_ARGS__)
#define git_object_type(...) libgit2()->git_object_type(__VA_ARGS__)
#define git_object_type2string(...) libgit2()->git_object_type2string(__VA_ARGS__)
#define git_odb_exists(...) libgit2()->git_odb_exists(__VA_ARGS__)
#define git_odb_free(...) libgit2()->git_odb_free(__VA_ARGS__)
#define git_odb_hash(...) libgit2()->git_odb_hash(__VA_ARGS__)
#define git_odb_hashfile(...) libgit2()->git_odb_hashfile(__VA_ARGS__)
#define git_odb_open(...) libgit2()->git_odb_open(__VA_ARGS__)
#define git_odb_read_header(...) libgit2()->git_odb_read_header(__VA_ARGS__)
#define git_oid_cpy(...) libgit2()->git_oid_cpy(__VA_ARGS__)
#define git_oid_equal(...) libgit2()->git_oid_equal(__VA_ARGS__)
#define git_oid_fromstr(...) libgit2()->git_oid_fromstr(__VA_ARGS__)
#define git_oid_tostr(...) libgit2()->git_oid_tostr(__VA_ARGS__)
#define git_oid_tostr_s(...) libgit2()->git_oid_tostr_s(__VA_ARGS__)
#define git_reference_free(...) libgit2()->git_reference_free(__VA_ARGS__)
#define git_reference_iterator_free(...) libgit2()->git_reference_iterator_free(__VA_ARGS__)
#define git_reference_iterator_new(...) libgit2()->git_reference_iterator_new(__VA_ARGS__)
#define git_reference_lookup(...) libgit2()->git_reference_lookup(__VA_ARGS__)
#define git_reference_name_is_valid(...) libgit2()->git_reference_name_is_valid(__VA_ARGS__)
#define git_reference_name_to_id(...) libgit2()->git_reference_name_to_id(__VA_ARGS__)
#define git_reference_next_name(...) libgit2()->git_reference_next_name(__VA_ARGS__)
#define git_reference_symbolic_target(...) libgit2()->git_reference_symbolic_target(__VA_ARGS__)
#define git_reference_type(...) libgit2()->git_reference_type(__VA_ARGS__)
#define git_remote_free(...) libgit2()->git_remote_free(__VA_ARGS__)
#define git_remote_list(...) libgit2()->git_remote_list(__VA_ARGS__)
#define git_remote_lookup(...) libgit2()->git_remote_lookup(__VA_ARGS__)
#define git_repository_commondir(...) libgit2()->git_repository_commondir(__VA_ARGS__)
#define git_repository_config_snapshot(...) libgit2()->git_repository_config_snapshot(__VA_ARGS__)
#define git_repository_free(...) libgit2()->git_repository_free(__VA_ARGS__)
#define git_repository_head_detached(...) libgit2()->git_repository_head_detached(__VA_ARGS__)
#define git_repository_head_unborn(...) libgit2()->git_repository_head_unborn(__VA_ARGS__)
#define git_repository_index(...) libgit2()->git_repository_index(__VA_ARGS__)
#define git_repository_is_shallow(...) libgit2()->git_repository_is_shallow(__VA_ARGS__)
#define git_repository_new(...) libgit2()->git_repository_new(__VA_ARGS__)
#define git_repository_odb(...) libgit2()->git_repository_odb(__VA_ARGS__)
#define git_repository_open_ext(...) libgit2()->git_repository_open_ext(__VA_ARGS__)
#define git_repository_path(...) libgit2()->git_repository_path(__VA_ARGS__)
#define git_repository_set_config(...) libgit2()->git_repository_set_config(__VA_ARGS__)
#define git_repository_set_index(...) libgit2()->git_repository_set_index(__VA_ARGS__)
#define git_repository_set_odb(...) libgit2()->git_repository_set_odb(__VA_ARGS__)
#define git_repository_workdir(...) libgit2()->git_repository_workdir(__VA_ARGS__)
#define git_revparse_single(...) libgit2()->git_revparse_single(__VA_ARGS__)
#define git_strarray_dispose(...) libgit2()->git_strarray_dispose(__VA_ARGS__)
#define git_tree_entry_byindex(...) libgit2()->git_tree_entry_byindex(__VA_ARGS__)
#define git_tree_entry_byname(...) libgit2()->git_tree_entry_byname(__VA_ARGS__)
#define git_tree_entry_bypath(...) libgit2()->git_tree_entry_bypath(__VA_ARGS__)
#define git_tree_entry_filemode(...) libgit2()->git_tree_entry_filemode(__VA_ARGS__)
#define git_tree_entry_free(...) libgit2()->git_tree_entry_free(__VA_ARGS__)
#define git_tree_entry_id(...) libgit2()->git_tree_entry_id(__VA_ARGS__)
#define git_tree_entry_name(...) libgit2()->git_tree_entry_name(__VA_ARGS__)
#define git_tree_entry_type(...) libgit2()->git_tree_entry_type(__VA_ARGS__)
#define git_tree_entrycount(...) libgit2()->git_tree_entrycount(__VA_ARGS__)
#define git_tree_free(...) libgit2()->git_tree_free(__VA_ARGS__)
#define git_tree_lookup(...) libgit2()->git_tree_lookup(__VA_ARGS__)

#endif
