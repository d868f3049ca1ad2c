//! The disk of this thread as a SQLite VFS (sqlite.org, "The OS Interface").
//!
//! Version 1 of the methods, so without shared memory: the log works because
//! the connection locks exclusively. Locks are no-ops, since each thread has a
//! disk of its own.

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;
use std::sync::Once;

use rusqlite::ffi;

use crate::disk::{Disk, Refused};

/// Name of the VFS, for [`register`]ed processes.
pub const NAME: &str = "sim-disk";

thread_local! {
    static DISK: RefCell<Disk> = RefCell::default();
}

/// The disk that SQLite sees on this thread.
pub fn with<R>(f: impl FnOnce(&mut Disk) -> R) -> R {
    DISK.with(|disk| f(&mut disk.borrow_mut()))
}

/// Makes the VFS known to SQLite; once is enough.
pub fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let vfs = Box::leak(Box::new(ffi::sqlite3_vfs {
            iVersion: 1,
            szOsFile: size_of::<Open>() as c_int,
            mxPathname: 512,
            pNext: ptr::null_mut(),
            zName: c"sim-disk".as_ptr(),
            pAppData: ptr::null_mut(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_pathname),
            xDlOpen: None,
            xDlError: None,
            xDlSym: None,
            xDlClose: None,
            xRandomness: Some(randomness),
            xSleep: Some(sleep),
            xCurrentTime: Some(current_time),
            xGetLastError: None,
            xCurrentTimeInt64: None,
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
        }));
        // SAFETY: the table lives as long as the process and all of its
        // functions are those of this module.
        let code = unsafe { ffi::sqlite3_vfs_register(vfs, 0) };
        assert_eq!(code, ffi::SQLITE_OK);
    });
}

/// SQLite allocates `szOsFile` bytes for it and passes it to every method.
#[repr(C)]
struct Open {
    base: ffi::sqlite3_file,
    /// Made by [`open`], freed by [`close`].
    name: *mut String,
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(lock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

fn code(done: Result<(), Refused>, broken: c_int) -> c_int {
    match done {
        Ok(()) => ffi::SQLITE_OK,
        Err(Refused::Full) => ffi::SQLITE_FULL,
        Err(Refused::Broken) => broken,
    }
}

/// # Safety
/// `path` is null or a NUL-terminated string, as SQLite promises for names.
unsafe fn text(path: *const c_char) -> String {
    if path.is_null() {
        return "temporary".into();
    }
    // SAFETY: by this function's own contract.
    unsafe { CStr::from_ptr(path) }.to_string_lossy().into_owned()
}

/// # Safety
/// `file` was filled by [`open`] and not closed since.
unsafe fn name<'a>(file: *mut ffi::sqlite3_file) -> &'a str {
    // SAFETY: by this function's own contract, `name` came from a box.
    unsafe { &*(*file.cast::<Open>()).name }
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes its own allocation of `szOsFile` bytes, and a null
    // or valid place for the flags.
    unsafe {
        let path = text(path);
        with(|disk| disk.touch(&path));
        (*file.cast::<Open>()).name = Box::into_raw(Box::new(path));
        (*file).pMethods = &METHODS;
        if !flags_out.is_null() {
            *flags_out = flags;
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once; the name came from a box in `open`.
    drop(unsafe { Box::from_raw((*file.cast::<Open>()).name) });
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    out: *mut c_void,
    count: c_int,
    at: i64,
) -> c_int {
    // SAFETY: SQLite passes an open file and `count` writable bytes.
    let (name, out) =
        unsafe { (name(file), std::slice::from_raw_parts_mut(out.cast::<u8>(), count as usize)) };
    match with(|disk| disk.read(name, at as usize, out)) {
        Ok(read) if read == out.len() => ffi::SQLITE_OK,
        Ok(_) => ffi::SQLITE_IOERR_SHORT_READ,
        Err(_) => ffi::SQLITE_IOERR_READ,
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    count: c_int,
    at: i64,
) -> c_int {
    // SAFETY: SQLite passes an open file and `count` readable bytes.
    let (name, bytes) =
        unsafe { (name(file), std::slice::from_raw_parts(bytes.cast::<u8>(), count as usize)) };
    code(with(|disk| disk.write(name, at as usize, bytes)), ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, len: i64) -> c_int {
    // SAFETY: SQLite passes an open file.
    let name = unsafe { name(file) };
    code(with(|disk| disk.resize(name, len as usize)), ffi::SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: SQLite passes an open file.
    let name = unsafe { name(file) };
    code(with(|disk| disk.sync(name)), ffi::SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, out: *mut i64) -> c_int {
    // SAFETY: SQLite passes an open file and a place for the answer.
    unsafe { *out = with(|disk| disk.len(name(file))) as i64 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn lock(_: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(_: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: SQLite passes a place for the answer.
    unsafe { *out = 0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    512
}

/// Nothing is promised: a write may damage its neighbours in the sector.
unsafe extern "C" fn characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    0
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, path: *const c_char, _: c_int) -> c_int {
    // SAFETY: SQLite passes a file name.
    let path = unsafe { text(path) };
    code(with(|disk| disk.remove(&path)), ffi::SQLITE_IOERR_DELETE)
}

unsafe extern "C" fn access(
    _: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    _: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes a file name and a place for the answer.
    unsafe {
        let path = text(path);
        *out = with(|disk| disk.has(&path)).into();
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: SQLite passes a file name and `room` writable bytes.
    unsafe {
        let path = CStr::from_ptr(path).to_bytes_with_nul();
        if path.len() > room as usize {
            return ffi::SQLITE_CANTOPEN;
        }
        ptr::copy_nonoverlapping(path.as_ptr().cast(), out, path.len());
    }
    ffi::SQLITE_OK
}

/// The same in every run; SQLite wants it for the salt of its log.
unsafe extern "C" fn randomness(_: *mut ffi::sqlite3_vfs, count: c_int, out: *mut c_char) -> c_int {
    // SAFETY: SQLite passes `count` writable bytes.
    unsafe { ptr::write_bytes(out, 0x5a, count as usize) };
    count
}

unsafe extern "C" fn sleep(_: *mut ffi::sqlite3_vfs, micros: c_int) -> c_int {
    micros
}

unsafe extern "C" fn current_time(_: *mut ffi::sqlite3_vfs, out: *mut f64) -> c_int {
    // SAFETY: SQLite passes a place for the answer.
    unsafe { *out = 2_461_000.5 };
    ffi::SQLITE_OK
}
