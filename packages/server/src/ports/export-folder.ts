/** Where files for others are left: a print room, a printing house. */
export interface ExportFolder {
  /**
   * Writes a file, whole and on the disk, or not at all; one of that name is replaced.
   *
   * @param folder - its folder inside the folder for exports.
   * @throws DeliveryError `delivery-unreachable`.
   */
  write(folder: string, name: string, octets: Uint8Array): Promise<void>
}
