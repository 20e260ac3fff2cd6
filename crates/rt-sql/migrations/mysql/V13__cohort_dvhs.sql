CREATE OR REPLACE SQL SECURITY INVOKER VIEW CohortDVHs AS
SELECT
    c.MRN,
    c.PlanID,
    d.ROIName,
    d.Type,
    d.Volume,
    d.MinDose,
    d.MeanDose,
    d.MaxDose,
    d.DoseBinSize,
    d.VolumeString,
    (
        SELECT MIN(r.Coverage_percent)
        FROM RoiDetails AS r
        WHERE r.MRN = c.MRN AND r.PlanID = c.PlanID AND d.ROIName = r.ROIName /*M!100200 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */ AND r.Volume_cm3 = d.Volume
    ) AS Coverage_percent,
    c.PrescribedDose,
    c.RxSource,
    c.DoseType
FROM CohortPlans AS c
JOIN DVHs AS d ON d.MRN = c.MRN /*M!100200 COLLATE utf8mb4_nopad_bin */ /*!80017 COLLATE utf8mb4_0900_bin */ AND d.PlanID = c.PlanID;
