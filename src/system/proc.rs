//! What Linux tells of this process under `/proc`.

use std::fs;

/// The value of a field of `/proc/self/status`, such as `VmHWM`. `None` where the system has no such field.
pub fn status(field: &str) -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let mut fields = status.lines().filter_map(|line| line.split_once(':'));
    fields.find_map(|(name, value)| (name == field).then(|| value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn fields_have_values_and_others_none() {
        assert_eq!(status("Pid"), Some(std::process::id().to_string()));
        assert_eq!(status("pid"), None);
    }
}
