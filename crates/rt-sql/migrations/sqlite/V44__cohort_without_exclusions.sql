DROP VIEW CohortPlans;
CREATE VIEW CohortPlans AS
SELECT
    s.MRN,
    s.PlanID,
    p.Birthdate,
    p.Age,
    p.Sex,
    p.SimStudyDate,
    p.RadOnc,
    p.TxSite,
    p.Fractions,
    p.Energy,
    p.StudyInstanceUID,
    p.PatientOrientation,
    p.PlanTimeStamp,
    p.StTimeStamp,
    p.DoseTimeStamp,
    p.TPSManufacturer,
    p.TPSSoftwareName,
    p.TPSSoftwareVersion,
    p.TxModality,
    p.MUs,
    p.TxTime,
    CASE WHEN r.Settled = 1 THEN r.Dose_Gy END AS PrescribedDose,
    r.Source AS RxSource,
    s.DoseType,
    s.Approval,
    s.Intent
FROM PlanStatus AS s
JOIN Plans AS p ON p.MRN = s.MRN AND p.PlanID = s.PlanID
LEFT JOIN Prescriptions AS r ON r.MRN = s.MRN AND r.PlanID = s.PlanID AND r.Chosen = 1
WHERE s.SupersededBy IS NULL AND s.QA = 0
    AND NOT EXISTS (SELECT 1 FROM Exclusions AS e WHERE e.MRN = s.MRN AND e.PlanID IN (0, s.PlanID));
